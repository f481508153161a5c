import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callCli, startCli } from "./call-cli.ts";
import { tempFolder } from "./temp-folder.ts";

/** Its root sleeps, and finishes with what it was given. */
const SCRIPT = `
import { agent, open, z } from "troupe";
const sleeper = agent("sleeper", {
  state: {},
  on: { start: z.object({ ms: z.number(), say: z.string() }) },
  result: z.string(),
  async turn(message, self) {
    await self.sleep(message.body.ms);
    self.finish(message.body.say);
  },
});
const [ms = "0", say = "", key] = process.argv.slice(2);
await using troupe = await open({ agents: [sleeper] });
const run = await troupe.submit(sleeper, { ms: Number(ms), say }, key ? { key } : {});
console.log("submitted to", troupe.store.label);
console.log(await run.result() satisfies string, import.meta.main);
`;

async function folderWith(files: Readonly<Record<string, string>>) {
  const folder = await tempFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  return folder;
}

describe("troupe run", () => {
  it("runs a TypeScript script on the store it names, with what stands behind --", async () => {
    await using folder = await folderWith({ "a.ts": SCRIPT });

    const exit = await callCli(["run", "a.ts", "--store", "memory:", "--", "0", "--hello"], { cwd: folder.path });

    expect(exit).toEqual({ code: 0, signal: null, stdout: "submitted to memory\n--hello true\n", stderr: "" });
  });

  it("shows events on the standard error alone, and nothing that could move a cursor", async () => {
    await using folder = await folderWith({ "a.ts": SCRIPT });
    const args = ["run", "--events", "a.ts", "--store", "memory:", "--", "0", "\u001b[2J"];

    const { code, stdout, stderr } = await callCli(args, { cwd: folder.path });

    expect(code).toBe(0);
    expect(stdout).toBe("submitted to memory\n\u001b[2J true\n");
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d {2}message {4}\S+ → sleeper: start \{"ms":0,"say":"\\u001b\[2J"\}$/m);
    expect(stderr).toMatch(/ended {6}run \w+: finished\n$/);
    expect(stderr).not.toContain("\u001b");
  });

  it.each([
    ["process.exitCode = 7;", 7, ""],
    ["process.exit(3);", 3, ""],
    ["throw new Error('own fault');", 1, "own fault"],
    ["await new Promise(() => {});", 13, "unsettled top-level await"],
    ["const wrong: = 1;", 1, "SyntaxError"],
    ["const fs = require('node:fs'); throw new Error('own fault');", 1, "own fault"],
    ["import 'not-there';", 1, "ERR_MODULE_NOT_FOUND"],
  ])("ends as the script `%s` ends: with %i", async (script, code, text) => {
    await using folder = await folderWith({ "a.ts": script });

    const exit = await callCli(["run", "a.ts"], { cwd: folder.path });

    expect(exit).toMatchObject({ code, stdout: "" });
    expect(exit.stderr).toContain(text);
  });

  it.each([
    ["audti.ts", "there is no file audti.ts; did you mean audit.ts?"],
    ["audit.js", "there is no file audit.js; did you mean audit.ts?"],
    ["folder", "folder is a folder; name a script in it"],
    ["notes.txt", "notes.txt is no script"],
  ])("says what is wrong with the script %s", async (script, text) => {
    await using folder = await folderWith({ "audit.ts": "", "notes.txt": "" });
    await mkdir(join(folder.path, "folder"));

    const { code, stdout, stderr } = await callCli(["run", script], { cwd: folder.path });

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^troupe: .+\n$/);
    expect(stderr).toContain(text);
  });

  it("closes the store at Ctrl-C, says how to go on, and goes on", async () => {
    await using folder = await folderWith({ "a.ts": SCRIPT });
    const cwd = folder.path;
    const args = ["run", "a.ts", "--", "2000", "rested", "nap"];

    const first = startCli(args, { cwd });
    await first.said("submitted to");
    first.child.kill("SIGINT");
    const interrupted = await first.exit;
    const listed = await callCli(["inspect", "--json"], { cwd });
    const second = await callCli(args, { cwd });

    expect(interrupted).toMatchObject({ code: 130, signal: null });
    expect(interrupted.stderr.split("\n")).toEqual([
      "troupe: interrupted; the turns under way may end. Once more stops at once.",
      `troupe: ${join(cwd, ".troupe")} is closed. 1 run unfinished (nap): run the script again to go on.`,
      "",
    ]);
    expect(JSON.parse(listed.stdout).runs).toMatchObject([{ key: "nap", status: "running" }]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain("rested true\n");
  });

  it("warns of what was submitted without a key", async () => {
    await using folder = await folderWith({ "a.ts": SCRIPT });

    const script = startCli(["run", "a.ts", "3600000"], { cwd: folder.path });
    await script.said("submitted to");
    script.child.kill("SIGTERM");

    const { code, stderr } = await script.exit;
    expect(code).toBe(143);
    expect(stderr).toContain("without a key");
  });

  it("says that what was in memory is gone", async () => {
    await using folder = await folderWith({ "a.ts": SCRIPT });

    const script = startCli(["run", "a.ts", "3600000"], { cwd: folder.path, env: { TROUPE_STORE: "memory:" } });
    await script.said("submitted to");
    script.child.kill("SIGINT");

    const { code, stderr } = await script.exit;
    expect(code).toBe(130);
    expect(stderr).toContain("memory is closed, and with it 1 run is gone.");
  });

  it("stops at once at the second Ctrl-C", async () => {
    const stubborn = SCRIPT.replace("await self.sleep(message.body.ms)", "await new Promise(() => {})");
    await using folder = await folderWith({ "a.ts": stubborn });

    const script = startCli(["run", "a.ts", "--events", "--store", "memory:"], { cwd: folder.path });
    await script.said("takes turn 1");
    script.child.kill("SIGINT");
    await script.said("interrupted");
    script.child.kill("SIGINT");

    const { code, stderr } = await script.exit;
    expect(code).toBe(130);
    expect(stderr).not.toContain("is closed");
  });

  it("ends at Ctrl-C where nothing is open", async () => {
    await using folder = await folderWith({ "a.ts": "setInterval(() => {}, 1000); console.log('up');" });

    const script = startCli(["run", "a.ts"], { cwd: folder.path });
    await script.said("up");
    script.child.kill("SIGINT");

    expect(await script.exit).toMatchObject({ code: 130, stderr: "" });
  });

  it("leaves a signal to the script that listens to it", async () => {
    const text = "process.once('SIGINT', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');";
    await using folder = await folderWith({ "a.ts": text });

    const script = startCli(["run", "a.ts"], { cwd: folder.path });
    await script.said("up");
    script.child.kill("SIGINT");

    expect(await script.exit).toMatchObject({ code: 5, stderr: "" });
  });
});
