import { describe, expect, it } from "vitest";
import { pathOfText } from "../src/byte-path.ts";
import { isScript, scanImports } from "../src/import-scan.ts";

const scan = (text: string, name = "file.ts"): readonly string[] | undefined => scanImports(pathOfText(name), text);

describe("scanImports", () => {
  it.each([
    `import a from "./x"`,
    `import * as a from './x'`,
    `import { a } from "./x"`,
    `import type { A } from "./x"`,
    `import { type A } from "./x"`,
    `import "./x"`,
    `import"./x"`,
    `import a from "./x" with { type: "json" }`,
    `import defer * as a from "./x"`,
    `export * from "./x"`,
    `export * as a from "./x"`,
    `export { a } from "./x"`,
    `export{a}from"./x"`,
    `export type { A } from "./x"`,
    `import a = require("./x")`,
    `export import a = require("./x")`,
    `await import("./x")`,
    "await import(`./x`)",
    `await import("./x", { with: {} })`,
    `await import /* why */ ( /* not */ "./x" )`,
    `await import.defer("./x")`,
    `const a = require("./x")`,
    "const a = require(`./x`)",
    `require?.("./x")`,
    `function later() { return () => [{ a: require("./x") }] }`,
    `type A = import("./x").A`,
    `type A = typeof import("./x")`,
    `let a: Map<string, import("./x").A<1>[]>`,
    `import "\\u{2e}\\x2fx"`,
    `const a = \`\${require("./x")}\``,
    `import a from\n\n"./x"`,
  ])("finds the target of %s", (text) => {
    expect(scan(text)).toEqual(["./x"]);
  });

  it.each([
    `// import "./x"`,
    `/* require("./x") */`,
    `/** @type {import("./x").A} */`,
    `/// <reference path="./x" />`,
    `const a = 'import "./x"'`,
    "const a = `require('./x')`",
    `const a = /require("./x")/`,
    `if (a) /import("./x")/.test(b)`,
    `import a from "x/./x"`,
    `import a from ".x"`,
    `import a from "/x"`,
    `import a from "..."`,
    `import("./x" + a)`,
    "import(`./${" + "a}`)",
    `require(a, "./x")`,
    `require.resolve("./x")`,
    `other.require("./x")`,
    `new require("./x")`,
    `import.meta.resolve("./x")`,
    `declare module "./x" {}`,
    `const from = "./x"`,
  ])("finds none in %s", (text) => {
    expect(scan(text)).toEqual([]);
  });

  it("gives targets in order of occurrence, with repetitions", () => {
    expect(scan(`require("./c"); f(() => import("../b")); import "."; export * from ".."; import "./c";`)).toEqual([
      "./c",
      "../b",
      ".",
      "..",
      "./c",
    ]);
  });

  it.each(["js", "jsx", "tsx"])("is not fooled by the text of an element in .%s", (extension) => {
    const text = `const a = <p title="require('./a')">it's import("./b") {require("./x")} don't</p>; import "./y"`;

    expect(scan(text, `file.${extension}`)).toEqual(["./x", "./y"]);
  });

  it("takes a type in angle brackets for no element in TypeScript", () => {
    expect(scan(`const a = <T>b; import "./x"; // </T>`)).toEqual(["./x"]);
  });

  it("finds what it can in a broken file", () => {
    expect(scan(`import { from "./a"; } }} import "./x" const = ; require("./y"`)).toEqual(
      expect.arrayContaining(["./x", "./y"]),
    );
  });

  it("walks a tree that is deeper than the call stack", () => {
    expect(scan(`const a = ${`"a" + `.repeat(50_000)}require("./x")`)).toEqual(["./x"]);
  });

  it("gives up on brackets that are nested too deep", () => {
    expect(scan(`require("./x"); ${"[".repeat(200_000)}`)).toBeUndefined();
  });

  it("gives a target that can be stored when half a character is escaped", () => {
    expect(scan(`import "./\\ud800"`)).toEqual(["./\ufffd"]);
  });

  it("knows scripts by their extension", () => {
    const names = ["a.js", "a.mjs", "a.cjs", "a.jsx", "a.ts", "a.mts", "a.cts", "a.tsx", "a.d.ts"];

    expect(names.filter((name) => isScript(pathOfText(name)))).toEqual(names);
    expect(["js", "a.json", "a.JS", "a.ts.txt", "a.mjsx"].filter((name) => isScript(pathOfText(name)))).toEqual([]);
  });
});
