import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const EXAMPLES = join(import.meta.dirname, "examples");

it("shows in the README the examples that run as tests, word for word", async () => {
  const readme = await readFile(join(import.meta.dirname, "..", "README.md"), "utf8");
  const files = await readdir(EXAMPLES);

  const examples = await Promise.all(files.map((file) => readFile(join(EXAMPLES, file), "utf8")));
  const shown = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);

  expect(shown.sort()).toEqual(examples.sort());
});
