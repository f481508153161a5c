import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { randomFrom } from "./random.ts";

type Content = string | Buffer;

/** The files of every tree: names that are hard to handle, contents at the edges, each kind of import and target. */
const FILES: Record<string, Content> = {
  "README.md": "# TODO at the top\n",
  "empty.txt": "",
  "only-newlines.txt": "\n\n\n",
  "no newline at the end.txt": "one\ntwo FIXME",
  "trailing.dot.": "x\n",
  ".hidden": "TODO\r\n\r\nnot a TODOS, TODO_x or aFIXME but a todo:TODO.\r\n",
  "cr-at-end.txt": "TODO\r",
  "double-cr.txt": "TODO\r\r\n",
  "\ufefffile.ts": "\ufeffimport './b/one';\n",
  "bom.md": "\ufeffTODO after a mark\n",
  "new\nline.js": "require('./quote\"\\'.js'); // FIXME\n",
  "quote\"'.js": "require('./new\\nline.js')\n",
  "back\\slash.ts": "export * from './back\\\\slash';\n",
  "\u001b[31mred\u001b[0m.txt": "TODO \u001b[2J clear\n",
  "\u202etxt.exe": "FIXME \u202e turned\n",
  "日本語/ファイル.ts": "import './ファイル'; import '../\\u65e5\\u672c\\u8a9e/ファイル.js';\n",
  "__proto__/constructor.js": "import './__proto__'; import '../__proto__/constructor';\n",
  "__proto__/__proto__.ts": "// TODO: TODO\n",
  "a/b/c/d/e/f/g/h/i/j/k/l/m/n/deep.ts": `import '${"../".repeat(14)}b/one'; import '${"../".repeat(16)}b/one';\n`,
  ".git/config": "TODO\n",
  "node_modules/x/index.js": "TODO\n",
  "b/.git/HEAD": "TODO\n",
  "b/sub/.git": "gitdir: TODO\n",
  "b/sub/node_modules": "a file, TODO\n",
  "b/node_modules/y.js": "TODO\n",
  "b/sub/not_node_modules/z.js": "TODO\n",

  "binary/early.bin": Buffer.from([0, 1, 2, 10, 84, 79, 68, 79, 10]),
  "binary/late.ts": Buffer.concat([
    Buffer.from("import '../b/one'; // TODO\n".repeat(12_000)),
    Buffer.from([0]),
    Buffer.from("\n"),
  ]),
  "binary/bytes.txt": Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1)),
  "binary/bad-utf8.txt": Buffer.from("TODO \xff\xc3\x28\xe2\x82 \xf0\x9f\x98 \xed\xa0\x80\n", "latin1"),

  "text/exact.txt": `TODO ${"x".repeat(495)}\nTODO ${"x".repeat(495)}\r\nTODO ${"x".repeat(496)}\n`,
  "text/emoji.txt": `${"😀".repeat(700)} TODO\nTODO ${"😀".repeat(495)}\nTODO ${"😀".repeat(496)}\nTODO x${"é".repeat(700)}\n`,
  "text/bad.txt": Buffer.concat([
    Buffer.alloc(2500, 0xff),
    Buffer.from("TODO\n"),
    Buffer.alloc(2047, 0xf0),
    Buffer.from(" TODO\nFIXME"),
  ]),
  "text/long-line.txt": `head ${"x".repeat(400_000)} TODO ${"y".repeat(300_000)}\nFIXME ${"z".repeat(200_000)}`,
  "text/long-line.js": `const a = "${"x".repeat(200_000)}"; require("../b/one") // TODO`,
  "text/many.txt": "TODO\nno\n".repeat(40_000),

  "b/one.ts": "export const one = 1;\n",
  "b/two.tsx": "export const two = 1;\n",
  "b/three.d.ts": "export declare const three: 1;\n",
  "b/four.js": "exports.four = 1;\n",
  "b/five.jsx": "exports.five = 1;\n",
  "b/six.json": "{}\n",
  "b/seven.mjs": "export {};\n",
  "b/eight.cjs": "\n",
  "b/nine.mts": "export {};\n",
  "b/ten.cts": "export {};\n",
  "b/eleven.node": "not really\n",
  "b/twelve.css": "a {}\n",
  "b/thirteen.d.css.ts": "export {};\n",
  "b/both.js": "1;\n",
  "b/both/index.js": "2;\n",
  "b/folder/index.ts": "3;\n",
  "b/index.json": "{}\n",
  "b/query.js?raw": "\n",
  "c/main/package.json": '{ "main": "lib/entry" }',
  "c/main/lib/entry.js": "\n",
  "c/types/package.json": '{ "types": "../../d/typed.d.ts", "main": "./gone.js" }',
  "c/dot/package.json": '{ "main": "." }',
  "c/dot/index.js": "\n",
  "c/to-folder/package.json": '{ "main": "./lib/" }',
  "c/to-folder/lib/index.js": "\n",
  "c/broken/package.json": "{ nonsense",
  "c/broken/index.js": "\n",
  "c/null/package.json": "null",
  "c/number/package.json": '{ "main": 7, "types": "" }',
  "c/number/index.node": "\n",
  "c/outside/package.json": '{ "main": "../../../../x.js" }',
  "c/absolute/package.json": '{ "main": "/c/main/lib/entry.js" }',
  "c/dead-end/package.json": '{ "main": "./gone.js" }',
  "c/excluded/package.json": '{ "main": "../../node_modules/x/index.js" }',
  "c/beside.js": "\n",
  "c/beside/package.json": '{ "main": "." }',
  "d/typed.d.ts": "export {};\n",
  "index.js": "import './index'; import '.'; import './'; require('..'); require('./a/..');\n",

  "e/forms.ts": `
import one from "../b/one"; import * as two from '../b/two';
import { type three } from "../b/three"; import type { T } from "../b/one.js";
import "../b/four"; export * from "../b/five"; export { x } from "../b/six.json"; export type { y } from "../b/one";
import json from "../b/six.json" with { type: "json" };
import eq = require("../b/one"); import fs from "node:fs"; import pkg from "pkg/./x"; import abs from "/b/one";
const a = import("../b/one"), b = import(\`../b/two\`), c = import(\`../b/\${a}\`), d = import("../b/" + "one");
const e = require("../b/one"), f = require(\`../b/two\`), g = require(one), h = require.resolve("../b/one"), i = other.require("../b/one");
type U = import("../b/one").V; type W = typeof import("../b/two"); let t: Array<import("./missing-type").X>;
declare module "../b/one" { export interface Z {} }
namespace n { export import q = require("../b/three"); }
function later(require: any) { return [require("../b/one"), import("./gone", { with: {} })]; }
/* import "../b/commented"; require("../b/commented") */ // import("../b/commented")
const s = 'import "../b/quoted"', r = /require("..\\/b\\/regex")/, u = \`import("../b/template") \${require("../b/one")}\`;
import
  /* between */ "../b/folder" ;
import "\\x2e\\u{2e}/b/one"; import "../b/\\0"; import "../b/\\ud800";
`,
  "e/view.tsx": `export const v = <p title="import('./no')">import "./no"; it's {require("../b/one")} 'require("./no")' </p>;\n`,
  "e/view.js": `const v = <p>don't import("./no") {import("../b/one")}</p>; const re = /['"]/; require("../b/one");\n`,
  "e/generic.ts": `const v = <T,>(x: T) => <any>x; import "../b/one";\n`,
  "e/flow.js": `// @flow\nimport type { T } from '../b/one';\nexport type X = {| a: T |};\nimport '../b/two';\n`,
  "e/broken.ts": `import { from "../b/one"; } import "../b/two" const = ; require("../b/one"\n`,
  "e/unfinished.js": `require("../b/one"); import "../b/two`,
  "e/shebang.cjs": `#!/usr/bin/env node\nrequire("../b/one");\n`,
  "e/deep-sum.js": `const s = ${'"a" + '.repeat(20_000)}require("../b/one");\n`,
  "e/cycle-a.ts": `import "./cycle-b";\n`,
  "e/cycle-b.ts": `import "./cycle-a"; import "./cycle-b.ts";\n`,
  "e/not-a-script.txt": `import "../b/one";\n`,
  "twin.ts": "export {};\n",
  "twin/index.ts": "export {};\n",
  "e/twins.cts": `import "../twin"; import "../twin.js"; import "../twin/"; import "../twin/index"; import "../twin/.";\n`,
  "e/upper.JS": `import "../b/one";\n`,
  "e/targets.mts": [
    ..."one two three four five six seven eight nine ten eleven twelve thirteen both folder"
      .split(" ")
      .flatMap((name) =>
        [
          "",
          ".js",
          ".jsx",
          ".ts",
          ".tsx",
          ".mjs",
          ".mts",
          ".cjs",
          ".cts",
          ".json",
          ".css",
          "/",
          "/index",
          "/index.js",
        ].map((end) => `../b/${name}${end}`),
      ),
    ..."main types dot to-folder broken null number outside absolute dead-end excluded beside"
      .split(" ")
      .flatMap((name) => ["", "/", "/.", "/package.json", "/package"].map((end) => `../c/${name}${end}`)),
    ...[
      "../b",
      "../b/",
      "..",
      "../",
      ".",
      "./",
      "../.",
      "../..",
      "../../",
      "../../e/forms",
      "../b//one",
      "../b/./one",
      "../b/x/../one",
    ],
    ...[
      "../b/four.js?raw",
      "../b/query.js?raw",
      "../b/four.js#x",
      "../b/%6fne",
      "../b/ONE",
      "../node_modules/x",
      "../b/node_modules/y",
    ],
    ...[
      "../b/sub/node_modules",
      "../b/sub/.git",
      "../.git/config",
      "../to-b/one",
      "../to-readme.md",
      "../dangling",
      "../loop",
      "../pipe",
    ],
  ]
    .map((target) => `import ${JSON.stringify(target)};\n`)
    .join(""),
};

/** Names that are not UTF-8, as latin1; some file systems refuse them. */
const RAW_FILES: Record<string, string> = {
  "\xff\xfe.txt": "TODO\n",
  "caf\xe9/\xc3.\xe9xt": "TODO\n",
  "caf\xe9/script.ts": "import '../b/one'; import './script'; import './gone'; import './\xc3';\n",
  "caf\xea/script.ts": "import '../b/one'; import './\xff';\n",
};

const EMPTY_FOLDERS = ["empty", "nothing/but/folders", "b/empty", ".git/objects", "node_modules/.bin", "b/one.js"];

const LINKS: Record<string, string> = {
  "to-readme.md": "README.md",
  "to-b": "b",
  dangling: "nowhere",
  loop: "loop",
  "b/up": "..",
};

/** What must be locked is locked last. Whoever is root reads it all the same. */
const LOCKED = ["locked/file.txt", "locked/folder", "locked-file.ts"];

/** Builds a tree that is as nasty as a file system allows. The same seed builds the same tree. */
export function makeTree(dir: string, seed: number): void {
  for (const folder of EMPTY_FOLDERS) mkdirSync(`${dir}/${folder}`, { recursive: true });
  for (const [path, content] of Object.entries(FILES)) write(Buffer.from(`${dir}/${path}`), content);
  for (const [path, content] of Object.entries(RAW_FILES)) writeIfAllowed(dir, path, content);
  for (const [path, content] of borderFiles()) write(Buffer.from(`${dir}/border/${path}`), content);
  for (const [path, content] of randomFiles(seed)) write(Buffer.from(`${dir}/${path}`), content);
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, `${dir}/${path}`);
  execFileSync("mkfifo", [`${dir}/pipe`, `${dir}/b/pipe.ts`]);
  write(Buffer.from(`${dir}/locked/folder/inside.ts`), "TODO\n");
  for (const path of ["locked/file.txt", "locked-file.ts"])
    write(Buffer.from(`${dir}/${path}`), "import './b/one' // TODO\n");
  for (const path of LOCKED) chmodSync(`${dir}/${path}`, 0o000);
}

/** Opens what {@link makeTree} locked, so that the tree can be removed. */
export function unlockTree(dir: string): void {
  for (const path of LOCKED) chmodSync(`${dir}/${path}`, 0o700);
}

function write(path: Buffer, content: Content): void {
  mkdirSync(Buffer.from(dirname(path.toString("latin1")), "latin1"), { recursive: true });
  writeFileSync(path, content);
}

function writeIfAllowed(dir: string, path: string, content: string): void {
  try {
    write(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from(path, "latin1")]), Buffer.from(content, "latin1"));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EILSEQ")) throw cause;
  }
}

/** Words at every offset from the borders of chunks of usual sizes, alone on a line and amid letters. */
function* borderFiles(): Generator<[string, string]> {
  for (const border of [65_536, 131_072]) {
    for (let offset = -7; offset <= 1; offset++) {
      for (const [before, word] of [
        ["\n", "TODO"],
        [" ", "FIXME"],
        ["x", "TODO "],
        ["\n", "FIXMEs\nTODO"],
      ] as const) {
        const line = `${"-".repeat(63)}\n`.repeat(border / 64);
        const path = `${border}${offset}-${before.charCodeAt(0)}-${word.length}.txt`;
        yield [path, line.slice(0, border + offset - 1) + before + word];
        yield [`more-${path}`, `${line.slice(0, border + offset - 1) + before + word}\nTODO after\n`];
      }
    }
  }
}

/** Files in a few folders, made of fragments, that import each other and what is not there. */
function* randomFiles(seed: number): Generator<[string, string]> {
  const pick = picker(seed);
  const folders = ["", "p", "q", "p/q", "p/q/r", "s"];
  const names = ["one", "two", "index", "main"];
  const extensions = ["ts", "js", "tsx", "d.ts", "json", "mjs", "md"];
  for (let at = 0; at < 60; at++) {
    const folder = pick(folders);
    const target = (): string =>
      `${pick(["./", "../", "../../", "./q/", "../p/"])}${pick([...names, ""])}${pick(["", ".js", ".ts", "/", ".mjs"])}`;
    const fragments = [
      () => `import "${target()}";\n`,
      () => `const x = require('${target()}');`,
      () => `export * from "${target()}" // ${pick(["TODO", "FIXME", "TODOS"])}\r\n`,
      () => `await import(\`${target()}\`);\n\n`,
      () => `/* ${target()} FIXME */`,
      () => "x".repeat(at),
    ];
    const content = Array.from({ length: at % 9 }, () => pick(fragments)()).join("");
    yield [`random/${folder && `${folder}/`}${pick(names)}${at % 4 === 0 ? at : ""}.${pick(extensions)}`, content];
  }
  yield ["random/p/package.json", JSON.stringify({ main: pick(["./one", "q", "../s/main.js", "./gone"]) })];
}

/** A picker that makes the same choices for the same seed. */
function picker(seed: number): <T>(choices: readonly T[]) => T {
  const random = randomFrom(seed);
  return <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
}
