import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative } from "node:path";
import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type BytePath, joinPath, pathOfText, topFolderOf } from "../src/byte-path.ts";
import { candidatesOf, packageMains, resolveImport, targetOf } from "../src/resolve-import.ts";
import { tempDir } from "./temp-dir.ts";

type Files = Record<string, string>;

/** Resolves over files that are only listed. */
function resolveIn(files: Files, importer: string, specifier: string): string | undefined {
  return resolveImport(pathOfText(importer), specifier, {
    isFile: (path) => Object.hasOwn(files, path),
    mainsOf: (folder) => packageMains(files[joinPath(folder, "package.json" as BytePath)] ?? ""),
  });
}

const listed = (...paths: string[]): Files => Object.fromEntries(paths.map((path) => [path, ""]));

describe("resolveImport", () => {
  it.each([
    ["./x", "a/x.ts"],
    ["./x", "a/x.d.ts"],
    ["./x", "a/x.json"],
    ["./x", "a/x.node"],
    ["./x", "a/x/index.tsx"],
    ["./x/", "a/x/index.js"],
    ["./x.js", "a/x.ts"],
    ["./x.js", "a/x.tsx"],
    ["./x.js", "a/x.d.ts"],
    ["./x.js", "a/x.js.ts"],
    ["./x.jsx", "a/x.tsx"],
    ["./x.mjs", "a/x.mts"],
    ["./x.mjs", "a/x.d.mts"],
    ["./x.cjs", "a/x.cts"],
    ["./x.cjs", "a/x.d.cts"],
    ["./x.css", "a/x.css"],
    ["./x.css", "a/x.d.css.ts"],
    ["./x?raw", "a/x?raw"],
    ["../b/x.ts", "b/x.ts"],
    [".", "a/index.ts"],
    ["./", "a/index.ts"],
    ["..", "index.js"],
    ["../.", "index.js"],
    [".././/b/../x", "x.js"],
    ["./é", "a/\xc3\xa9.ts"],
  ])("leads %s to %s", (specifier, path) => {
    expect(resolveIn(listed(path), "a/file.ts", specifier)).toBe(path);
  });

  it.each([
    ["./x", "a/x.mjs"],
    ["./x", "a/x.cts"],
    ["./x/", "a/x.ts"],
    [".", "a.ts"],
    ["./..", "a/...ts"],
    ["./x?raw", "a/x.ts"],
    ["./%78", "a/x.ts"],
    ["./x.mjs", "a/x.ts"],
    ["../../x", "x.ts"],
    ["../../a/x", "a/x.ts"],
    ["../node_modules/x", "node_modules/x.js"],
    ["./.git/x", "a/.git/x.js"],
    ["./node_modules", "a/node_modules/index.js"],
  ])("does not lead %s to %s", (specifier, path) => {
    expect(resolveIn(listed(path), "a/file.ts", specifier)).toBeUndefined();
  });

  it("prefers a file to a folder of the same name, unless a slash says otherwise", () => {
    const files = listed("x.json", "x/index.ts");

    expect(resolveIn(files, "file.ts", "./x")).toBe("x.json");
    expect(resolveIn(files, "file.ts", "./x/")).toBe("x/index.ts");
  });

  it("follows the entries of a folder's package.json before its index", () => {
    const entries = (json: object): Files => ({
      "x/package.json": JSON.stringify(json),
      ...listed("x/index.js", "x/m.js", "t.d.ts"),
    });

    expect(resolveIn(entries({ main: "m" }), "file.ts", "./x")).toBe("x/m.js");
    expect(resolveIn(entries({ main: "m", types: "../t.d.ts" }), "file.ts", "./x")).toBe("t.d.ts");
    expect(resolveIn(entries({ main: "./gone" }), "file.ts", "./x")).toBe("x/index.js");
    expect(resolveIn(entries({ main: "../../t.d.ts" }), "file.ts", "./x")).toBe("x/index.js");
    expect(resolveIn(entries({ main: "/t.d.ts" }), "file.ts", "./x")).toBe("x/index.js");
    expect(resolveIn(entries({ main: 1, types: "" }), "file.ts", "./x")).toBe("x/index.js");
  });

  it("knows a file named like an excluded folder", () => {
    expect(resolveIn(listed("a/node_modules"), "a/file.ts", "./node_modules")).toBe("a/node_modules");
  });

  it("finds a file when, and only when, Node or TypeScript finds one", () => {
    const name = fc.constantFrom("a", "b", "index");
    const end = fc.constantFrom(
      "",
      ".js",
      ".ts",
      ".jsx",
      ".tsx",
      ".d.ts",
      ".mjs",
      ".mts",
      ".d.mts",
      ".cjs",
      ".cts",
      ".json",
      ".node",
      ".css",
      ".d.css.ts",
    );
    const folder = fc.constantFrom("", "a/", "b/", "a/b/");
    const file = fc.tuple(folder, name, end).map((parts) => parts.join(""));
    const entry = fc.tuple(fc.constantFrom("./", "../", ""), name, end).map((parts) => parts.join(""));
    const manifest = fc.record({ main: entry });

    const specifier = fc.oneof(
      fc
        .tuple(fc.constantFrom("./", "../", "./a/", "../b/", "./../"), name, end, fc.constantFrom("", "", "/", "/."))
        .map((parts) => parts.join("")),
      fc.constantFrom(".", "./", "..", "../", "./a/.."),
    );
    const dir = tempDir();
    let run = 0;

    fc.assert(
      fc.property(
        fc.array(file, { maxLength: 6 }),
        fc.array(fc.tuple(folder, manifest), { maxLength: 2 }),
        fc.constantFrom("b/", "a/b/"),
        fc.array(specifier, { minLength: 1, maxLength: 12 }),
        (paths, manifests, importerFolder, specifiers) => {
          const root = `${dir}/${run++}`;
          const importer = `${importerFolder}importer.ts`;
          mkdirSync(`${root}/${importerFolder}`, { recursive: true });
          const files = makeFiles(root, paths, manifests);

          for (const each of specifiers) {
            const ours = resolveIn(files, importer, each);
            const theirs = resolveForReal(root, importer, each);

            expect(ours === undefined, `${each} from ${importer} in ${JSON.stringify(files)}: ${theirs}`).toBe(
              theirs.length === 0,
            );
            if (ours !== undefined)
              expect(theirs.map((path) => topFolderOf(pathOfText(path)))).toContain(topFolderOf(pathOfText(ours)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Writes the files that do not stand in each other's way, and says which. */
function makeFiles(root: string, paths: readonly string[], manifests: readonly (readonly [string, object])[]): Files {
  const wanted = [
    ...listedWith(paths),
    ...manifests.map(([folder, json]) => [`${folder}package.json`, JSON.stringify(json)] as const),
  ];
  const files: Files = {};
  for (const [path, content] of wanted) {
    try {
      mkdirSync(dirname(`${root}/${path}`), { recursive: true });
      writeFileSync(`${root}/${path}`, content);
      files[path] = content;
    } catch {
      // A file took the folder's name, or a folder the file's.
    }
  }
  return files;
}

function listedWith(paths: readonly string[]): (readonly [string, string])[] {
  return paths.map((path) => [path, ""] as const);
}

/** What Node and TypeScript, in each of its modes, resolve to within the root. */
function resolveForReal(root: string, importer: string, specifier: string): string[] {
  const from = `${root}/${importer}`;
  const found: (string | undefined)[] = [];
  try {
    found.push(createRequire(from).resolve(specifier));
  } catch {
    // Not found.
  }
  const { Node10, Node16, Bundler } = ts.ModuleResolutionKind;
  for (const moduleResolution of [Node10, Node16, Bundler]) {
    const options: ts.CompilerOptions = {
      moduleResolution,
      allowJs: true,
      resolveJsonModule: true,
      allowArbitraryExtensions: true,
    };
    found.push(ts.resolveModuleName(specifier, from, options, ts.sys).resolvedModule?.resolvedFileName);
  }
  return found
    .filter((path) => path !== undefined)
    .map((path) => relative(root, path))
    .filter((path) => !path.startsWith(".."));
}

describe("targetOf and candidatesOf", () => {
  it("say what to ask the owner of a folder for, files first", () => {
    const target = targetOf(pathOfText("a/file.ts"), "../x.mjs");

    expect(target).toEqual({ path: "x.mjs", folderOnly: false });
    expect(target && candidatesOf(target)).toEqual([
      ...[
        "x.mjs",
        "x.mts",
        "x.d.mts",
        "x.mjs",
        "x.mjs.ts",
        "x.mjs.tsx",
        "x.mjs.d.ts",
        "x.mjs.js",
        "x.mjs.jsx",
        "x.mjs.json",
        "x.mjs.node",
      ].map((path) => ({ kind: "file", path })),
      { kind: "folderMain", folder: "x.mjs" },
      ...["ts", "tsx", "d.ts", "js", "jsx", "json", "node"].map((end) => ({
        kind: "file",
        path: `x.mjs/index.${end}`,
      })),
    ]);
  });

  it("have no target outside the root", () => {
    expect(targetOf(pathOfText("a/file.ts"), "../../x")).toBeUndefined();
  });
});
