import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pathOfText } from "../src/byte-path.ts";
import { type FileFacts, readFacts } from "../src/file-facts.ts";
import { tempDir } from "./temp-dir.ts";

const CHUNK = 64 * 1024;

async function factsOf(content: string | Buffer, name = "file.txt"): Promise<FileFacts> {
  const path = `${tempDir()}/${name}`;
  writeFileSync(path, content);
  return (await readFacts(pathOfText(path))) as FileFacts;
}

describe("readFacts", () => {
  it("counts bytes and newlines, and finds to-dos with their lines", async () => {
    expect(await factsOf("one\nTODO two\r\n\n  // FIXME: three")).toEqual({
      bytes: 32,
      lines: 3,
      binary: false,
      todos: [
        { line: 2, text: "TODO two" },
        { line: 4, text: "  // FIXME: three" },
      ],
      specifiers: [],
    });
  });

  it("finds nothing in an empty file", async () => {
    expect(await factsOf("")).toEqual({ bytes: 0, lines: 0, binary: false, todos: [], specifiers: [] });
  });

  it.each(["TODOS", "aTODO", "TODO_", "_FIXME", "todo", "FIXME2", "TODOFIXME"])(
    "takes %s for no to-do",
    async (word) => {
      expect((await factsOf(`${word}\n-${word}-\n${word}`)).todos).toEqual([]);
    },
  );

  it("names a line once, however many to-dos it has", async () => {
    expect((await factsOf("TODO FIXME TODO\nTODO")).todos.map((todo) => todo.line)).toEqual([1, 2]);
  });

  it.each(["TODO", "FIXME"])("finds %s wherever the border between two chunks falls", async (word) => {
    for (let offset = -8; offset <= 2; offset++) {
      const before = `${"x".repeat(CHUNK - 10)}\n`;
      const line = `${"-".repeat(9 + offset)}${word}`;

      for (const after of ["", "\n", "-\nrest", "S", "S\n"]) {
        const { todos } = await factsOf(before + line + after);

        const expected = after.startsWith("S") ? [] : [{ line: 2, text: line + after.split("\n")[0] }];
        expect(todos, `offset ${offset}, then ${JSON.stringify(after)}`).toEqual(expected);
      }
    }
  });

  it("does not take the end of a word that began in the chunk before for a word", async () => {
    for (let before = 1; before <= 8; before++) {
      const { todos } = await factsOf(`${"x".repeat(CHUNK - before)}TODO\n${"x".repeat(before)}TODO`);

      expect(todos).toEqual([]);
    }
  });

  it("keeps the beginning of a line that goes on for many chunks", async () => {
    const { lines, todos } = await factsOf(
      `first\nhead${" ".repeat(3 * CHUNK)}TODO${" ".repeat(2 * CHUNK)}FIXME\nTODO last`,
    );

    expect(lines).toBe(2);
    expect(todos).toEqual([
      { line: 2, text: `head${" ".repeat(496)}…` },
      { line: 3, text: "TODO last" },
    ]);
  });

  it("cuts the text of a to-do after 500 characters, not in the middle of one", async () => {
    const { todos } = await factsOf(`TODO ${"😀".repeat(495)}\r\nTODO ${"😀".repeat(496)}\n`);

    expect(todos.map((todo) => todo.text)).toEqual([`TODO ${"😀".repeat(495)}`, `TODO ${"😀".repeat(495)}…`]);
  });

  it("shows bytes that are not UTF-8 as U+FFFD", async () => {
    expect((await factsOf(Buffer.from("TODO \xff.\n", "latin1"))).todos).toEqual([{ line: 1, text: "TODO \ufffd." }]);
  });

  it("drops all facts of text when a NUL comes late", async () => {
    const content = `import "./a"; // TODO\n${"x".repeat(3 * CHUNK)}\0${"x".repeat(3 * CHUNK)}`;

    expect(await factsOf(content, "late.js")).toEqual({
      bytes: content.length,
      lines: 0,
      binary: true,
      todos: [],
      specifiers: [],
    });
  });

  it("reads the imports of scripts alone", async () => {
    const content = `import "./a"; require("./b"); import "./a"; import "c";`;

    expect((await factsOf(content, "a.mjs")).specifiers).toEqual(["./a", "./b", "./a"]);
    expect((await factsOf(content, "a.md")).specifiers).toEqual([]);
  });

  it("says so when a script is too big to be parsed", async () => {
    const content = `import "./a"; // TODO\n${"x".repeat(8 * 1024 * 1024)}`;

    expect(await factsOf(content, "big.js")).toMatchObject({
      specifiers: [],
      importsSkipped: true,
      todos: [{ line: 1 }],
    });
    expect(await factsOf(content, "big.txt")).not.toHaveProperty("importsSkipped");
  });

  it("says so when a script is nested too deep to be parsed", async () => {
    expect(await factsOf(`import "./a"; ${"[".repeat(200_000)}`, "deep.js")).toMatchObject({ importsSkipped: true });
  });

  it("reads where an import of a folder leads from its package.json", async () => {
    expect(await factsOf(`{ "main": "./m", "types": "t" }`, "package.json")).toHaveProperty("packageMains", [
      "t",
      "./m",
    ]);
    expect(await factsOf(`{ "main": "" }`, "package.json")).not.toHaveProperty("packageMains");
    expect(await factsOf(`{ "main": "./m" }`, "other.json")).not.toHaveProperty("packageMains");
  });

  it("says why a file cannot be read, and neither follows a link nor waits for a pipe", async () => {
    const dir = tempDir();
    mkdirSync(`${dir}/folder`);
    symlinkSync("folder", `${dir}/link`);
    execFileSync("mkfifo", [`${dir}/pipe`]);

    expect(await readFacts(pathOfText(`${dir}/gone`))).toEqual({ error: "ENOENT" });
    expect(await readFacts(pathOfText(`${dir}/folder`))).toEqual({ error: "EINVAL" });
    expect(await readFacts(pathOfText(`${dir}/pipe`))).toEqual({ error: "EINVAL" });
    expect(await readFacts(pathOfText(`${dir}/link`))).toEqual({ error: "ELOOP" });
  });

  it("counts a sparse file of 4 GB without reading it to its end", async () => {
    const path = `${tempDir()}/sparse`;
    writeFileSync(path, "");
    truncateSync(path, 4e9);

    expect(await readFacts(pathOfText(path))).toMatchObject({ bytes: 4e9, binary: true });
  });

  it("stops with the signal's reason", async () => {
    const path = `${tempDir()}/file`;
    writeFileSync(path, "x".repeat(CHUNK * 4));
    const reason = new Error("enough");
    const abort = new AbortController();

    const facts = readFacts(pathOfText(path), abort.signal);
    abort.abort(reason);

    await expect(facts).rejects.toBe(reason);
    await expect(readFacts(pathOfText(path), abort.signal)).rejects.toBe(reason);
  });
});
