import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const run = promisify(execFile);

it("has a script of at most twenty lines that prints what it says, the first time and again", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, script = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  // Inside the repository, so that the script finds the package by its name.
  const folder = await mkdtemp(fileURLToPath(new URL(".readme-", import.meta.url)));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "words.ts"), script);
  const options = { cwd: folder };

  const first = await run(process.execPath, ["--conditions=source", "words.ts"], options);
  const again = await run(process.execPath, ["--conditions=source", "words.ts"], options);

  const expected = /console\.log\(.*\); \/\/ (.*)\n$/.exec(script)?.[1];
  expect(first.stdout).toBe(`${expected}\n`);
  expect(again.stdout).toBe(first.stdout);
  expect(script.trim().split("\n").length).toBeLessThanOrEqual(20);
});
