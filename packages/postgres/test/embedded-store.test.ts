import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { embeddedStore, openStore } from "../src/index.ts";
import { submission } from "./fixtures.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "troupe-embedded-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A process that opens the folder, and what it has to say of it. */
async function child(path: string, then: string): Promise<{ process: ChildProcess; answer: unknown }> {
  const script = new URL("./child-store.ts", import.meta.url);
  const forked = fork(script, [path, then], {
    execArgv: ["--conditions=source"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  onTestFinished(() => void forked.kill("SIGKILL"));
  const [answer] = await once(forked, "message");
  return { process: forked, answer };
}

it("makes the folder, keeps what it is given, and opens again", async () => {
  const path = join(await folder(), "a", "store");
  const store = await embeddedStore({ path, shards: 3 });
  await store.submit(submission("run"));
  expect(store.label).toBe(path);
  await store.close();

  const again = await openStore(path, { shards: 9 });

  expect(again.shards).toBe(3);
  expect(await again.loadRuns(["run"])).toHaveLength(1);
  await again.close();
});

it("is refused to a second process, by path and pid, until the first is dead; and then holds what that one wrote", async () => {
  const path = await folder();
  const first = await child(path, "submit");
  expect(first.answer).toEqual({ opened: true });

  await expect(embeddedStore({ path })).rejects.toMatchObject({
    code: "store_busy",
    detail: expect.stringContaining(`${path} is open in process ${first.process.pid}`),
  });
  first.process.kill("SIGKILL");
  await once(first.process, "exit");

  const store = await embeddedStore({ path });
  expect(await store.loadRuns(["run"])).toHaveLength(1);
  await expect(embeddedStore({ path })).rejects.toMatchObject({ code: "store_busy" });
  await store.close();
});

it("gives the shards of a worker that died to the next one at once, however long its lease", async () => {
  const path = await folder();
  const first = await embeddedStore({ path, shards: 2 });
  await first.join("dead", "test", 3_600_000);
  await first.claim("dead", 2);
  await first.close();

  const store = await embeddedStore({ path });
  await store.join("next", "test", 1_000);

  expect(await store.claim("next", 2)).toEqual([
    { shard: 0, epoch: 2 },
    { shard: 1, epoch: 2 },
  ]);
  await store.close();
});

it("leaves the end of its process to the process", async () => {
  const path = await folder();

  const failed = await child(path, "fail");
  const [failedCode] =
    failed.process.exitCode === null ? await once(failed.process, "exit") : [failed.process.exitCode];
  const left = await child(path, "leave open");
  const [leftCode] = left.process.exitCode === null ? await once(left.process, "exit") : [left.process.exitCode];

  expect([failedCode, leftCode]).toEqual([3, 0]);
});

it("listens to no signal, and to no end of the process", async () => {
  const events = () => process.eventNames().filter((name) => name !== "message");
  const before = events();

  const store = await embeddedStore({ path: await folder() });

  expect(events()).toEqual(before);
  await store.close();
  expect(events()).toEqual(before);
});

it("starts anew where a process died while it made the store", async () => {
  const path = await folder();
  await writeFile(join(path, "troupe.json"), JSON.stringify({ format: 1, state: "making" }));
  await mkdir(join(path, "data"));
  await writeFile(join(path, "data", "PG_VERSION"), "half a datab");

  const store = await embeddedStore({ path });

  expect(await store.listRuns(9)).toEqual([]);
  await store.close();
});

it("does not touch a folder of something else", async () => {
  const path = await folder();
  await mkdir(join(path, "data"));
  await writeFile(join(path, "data", "precious"), "mine");

  await expect(embeddedStore({ path })).rejects.toMatchObject({
    code: "store_invalid",
    detail: `${path} is no store, it holds other files (data); name an empty folder`,
  });
  expect(await readFile(join(path, "data", "precious"), "utf8")).toBe("mine");
});

it.each([
  ["a file", (path: string) => writeFile(join(path, "x"), ""), "x", /there is a file of this name \(EEXIST\)/],
  ["below a file", (path: string) => writeFile(join(path, "x"), ""), "x/y", /a part of the path is a file \(ENOTDIR\)/],
  [
    "a mark of another format",
    (path: string) => writeFile(join(path, "troupe.json"), '{"format":2}'),
    ".",
    /not the mark/,
  ],
  ["a name that is too long", async () => {}, "x".repeat(300), /the path is too long \(ENAMETOOLONG\)/],
])("says in plain words why it cannot be opened: %s", async (_, prepare, name, detail) => {
  const path = await folder();
  await prepare(path);

  await expect(embeddedStore({ path: join(path, name) })).rejects.toMatchObject({
    code: "store_invalid",
    detail: expect.stringMatching(detail),
  });
});

it("says so when the database in it is damaged, and gives the folder back", async () => {
  const path = await folder();
  await (await embeddedStore({ path })).close();
  await rm(join(path, "data", "global"), { recursive: true });

  const first = embeddedStore({ path });
  await expect(first).rejects.toMatchObject({ code: "store_invalid" });
  const second = embeddedStore({ path });

  await expect(second).rejects.toMatchObject({ code: "store_invalid" });
});
