import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { expect, it } from "vitest";
import { oracleJson } from "./oracle.ts";
import { runProgram } from "./program.ts";
import { tempDir } from "./temp-dir.ts";

it("a folder of 100,000 files makes the same report as the oracle, also with half a hundred thousand to-dos", async () => {
  const dir = tempDir();
  for (let at = 0; at < 100_000; at++) {
    writeFileSync(
      `${dir}/${at}.${at % 100 === 0 ? "js" : "txt"}`,
      at % 2 === 0 ? `require("./${at + 100}") // TODO\n` : "\n",
    );
  }

  const { stdout } = await runProgram([dir, "--json"]);

  expect(`${JSON.stringify(JSON.parse(stdout).report, undefined, 2)}\n` === oracleJson(dir)).toBe(true);
});

it("a file of a gigabyte is read in memory that does not grow with it", async () => {
  const dir = tempDir();
  const piece = Buffer.from(`${"x".repeat(1023)}\n`.repeat(1024));
  const file = openSync(`${dir}/large.txt`, "w");
  for (let at = 0; at < 1024; at++) writeSync(file, piece);
  writeSync(file, "TODO at the end");
  closeSync(file);

  const { stdout } = await runProgram([dir, "--json", "--store", "memory:"], {
    env: { NODE_OPTIONS: "--max-old-space-size=128" },
  });

  expect(JSON.parse(stdout).report).toMatchObject({
    files: 1,
    bytes: 2 ** 30 + 15,
    lines: 2 ** 20,
    todos: [{ path: "large.txt", line: 2 ** 20 + 1, text: "TODO at the end" }],
  });
});
