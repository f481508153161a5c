import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { agent, open, z } from "../src/index.ts";
import { callCli } from "./call-cli.ts";
import { nextEvent } from "./next-event.ts";
import { makeReaders } from "./readers.ts";
import { type TempFolder, tempFolder } from "./temp-folder.ts";

const ESCAPE = "\u001b";

let folder: TempFolder;
let store: string;
let running: string;
let finished: string;

/** A folder with a run that has ended, and one that has not: an actor sleeps, and a letter is dead. */
beforeAll(async () => {
  folder = await tempFolder();
  store = join(folder.path, "store");
  const { lead, agents } = makeReaders();
  await using troupe = await open({ store, agents });
  const done = await troupe.submit(lead, { paths: ["a"] }, { key: "done-1" });
  await done.result();
  const dead = nextEvent(troupe, "dead_letter");
  const parked = nextEvent(troupe, "turn_parked");
  const stuck = await troupe.submit(lead, { paths: ["bad\u001b[2J"] }, { key: "stuck-1", limits: { turns: 50 } });
  await Promise.all([dead, parked]);
  finished = done.id;
  running = stuck.id;
});

afterAll(() => folder[Symbol.asyncDispose]());

const inspect = (...args: string[]) => callCli(["inspect", "--store", store, ...args]);

describe("troupe inspect", () => {
  it("lists runs, the newest first", async () => {
    const { code, stdout, stderr } = await inspect();

    const [title, first, second, ...rest] = stdout.split("\n");
    expect({ code, stderr, rest }).toEqual({ code: 0, stderr: "", rest: [""] });
    expect(title).toMatch(/^RUN +KEY +AGENT +STATUS +TURNS +ACTORS +AGE +TOOK$/);
    expect(first).toMatch(new RegExp(`^${running} +stuck-1 +lead +running +\\d+ +3 +.+ -$`));
    expect(second).toMatch(new RegExp(`^${finished} +done-1 +lead +finished +`));
  });

  it("lists no more than it is told to", async () => {
    const { stdout } = await inspect("--limit", "1");

    expect(stdout).not.toContain(finished);
  });

  it("prints the list as one JSON document", async () => {
    const { code, stdout, stderr } = await inspect("--json");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      store,
      runs: [
        { id: running, key: "stuck-1", status: "running", input: { paths: ["bad\u001b[2J"] }, result: null },
        { id: finished, key: "done-1", status: "finished", result: { read: ["a"] } },
      ],
    });
    expect(stdout).not.toContain(ESCAPE);
  });

  it("shows how a run stands: limits, the tree of groups, dead letters", async () => {
    const { code, stdout, stderr } = await inspect("stuck-1");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^status +running$/m);
    expect(stdout).toMatch(/^turns +\d+ +50$/m);
    expect(stdout).toMatch(/^LIMIT +SPENT +OF$/m);
    const tree = stdout.slice(stdout.indexOf("GROUPS AND ACTORS")).split("\n");
    expect(tree[0]).toMatch(/^GROUPS AND ACTORS +AGENT +STANDING +TURN +UNREAD$/);
    expect(tree[1]).toMatch(new RegExp(`^${running}/ +\\d+ messages, at rest$`));
    expect(tree[2]).toMatch(/^├─ lead \(admin\) +lead +active +\d+ +0$/);
    expect(tree[3]).toMatch(/^├─ reader-0 +reader +active +2 +0$/);
    expect(tree[4]).toMatch(/^└─ watch\/ +1 message, wakes in 59 m/);
    expect(tree[5]).toMatch(/^ {3}└─ watcher \(admin\) +watcher +active +1 +1$/);
    expect(stdout).toContain(`1 dead letter: troupe dead-letters ${running}\n`);
  });

  it("spells out what could move a terminal's cursor", async () => {
    const { stdout } = await inspect(running);

    expect(stdout).not.toContain(ESCAPE);
    expect(stdout).toContain(String.raw`bad\u001b[2J`);
  });

  it("prints a run as one JSON document", async () => {
    const { stdout } = await inspect(running, "--json");

    const { run, groups, deadLetters } = JSON.parse(stdout);
    expect(run).toMatchObject({ id: running, limits: { turns: 50 }, spent: { actors: 3, groups: 2 } });
    expect(groups).toMatchObject([
      { id: running, depth: 1, admin: "lead", wakeAt: null, members: [{ name: "lead" }, { name: "reader-0" }] },
      { id: `${running}/watch`, depth: 2, members: [{ name: "watcher", standing: "active", unread: 1 }] },
    ]);
    expect(deadLetters).toBe(1);
  });

  it("finds a run by the beginning of its id", async () => {
    const { code, stdout } = await inspect(finished.slice(0, 6));

    expect(code).toBe(0);
    expect(stdout).toMatch(/^result +\{"read":\["a"\]\}$/m);
  });

  it("fails with 1 for a run that is not there", async () => {
    const { code, stdout, stderr } = await inspect("nix", "--json");

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(JSON.parse(stderr).error.code).toBe("run_unknown");
  });

  it("colours where it is made to, unless NO_COLOR is set", async () => {
    const forced = await callCli(["inspect", "--store", store], { env: { FORCE_COLOR: "1" } });
    const plain = await callCli(["inspect", "--store", store], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });

    expect(forced.stdout).toContain(`${ESCAPE}[36mrunning`);
    expect(plain.stdout).not.toContain(ESCAPE);
  });

  it("takes the store of the environment", async () => {
    const { code, stdout } = await callCli(["inspect"], { env: { TROUPE_STORE: store } });

    expect(code).toBe(0);
    expect(stdout).toContain(running);
  });

  it("names the process that has a folder open, and says what to do", async () => {
    const { agents } = makeReaders();
    await using _ = await open({ store, agents });

    const { code, stderr } = await inspect();

    expect(code).toBe(2);
    expect(stderr).toContain(`is open in process ${process.pid} `);
    expect(stderr).toContain("use a postgres:// store");
  });
});

describe("troupe inspect on PostgreSQL", () => {
  it("looks into a run while a worker is busy with it", async () => {
    await using database = await testDatabase();
    const waiting = agent("waiting", {
      state: {},
      on: { start: z.string() },
      turn: async (_, self) => void (await self.sleep(3_600_000)),
    });
    await using troupe = await open({ store: database.url, agents: [waiting] });
    const parked = nextEvent(troupe, "turn_parked");
    const run = await troupe.submit(waiting, "x");
    await parked;

    const { code, stdout, stderr } = await callCli(["inspect", run.id, "--store", database.url, "--json"]);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ store: troupe.store.label, run: { id: run.id, status: "running" } });
  });
});
