import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { callCli } from "./call-cli.ts";
import { tempFolder } from "./temp-folder.ts";

it("prints what the README says, the first time and again", async () => {
  await using folder = await tempFolder();
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, script = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const [, command = "", printed] = /```console\n\$ npx troupe (.*?)\n(.*?)```/s.exec(readme) ?? [];
  await writeFile(join(folder.path, "count.ts"), script);

  const first = await callCli(command.split(" "), { cwd: folder.path });
  const again = await callCli(command.split(" "), { cwd: folder.path });

  const expected = { code: 0, signal: null, stdout: printed, stderr: "" };
  expect(first).toEqual(expected);
  expect(again).toEqual(expected);
});
