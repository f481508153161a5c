import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { open, type Run, type Troupe } from "../src/index.ts";
import { callCli } from "./call-cli.ts";
import { nextEvent } from "./next-event.ts";
import { makeReaders } from "./readers.ts";
import { tempFolder } from "./temp-folder.ts";

type Readers = ReturnType<typeof makeReaders>;

/** Submits a run whose paths cannot be read, and waits until each of them is a dead letter. */
async function submitBad(troupe: Troupe, { lead }: Readers, key: string, paths: readonly string[]): Promise<Run> {
  let unread = paths.filter((path) => path.startsWith("bad")).length;
  const allDead = new Promise<void>((resolve) => {
    troupe.events$.subscribe((event) => {
      if (event.type === "dead_letter" && --unread === 0) resolve();
    });
  });
  const parked = nextEvent(troupe, "turn_parked");
  const run = await troupe.submit(lead, { paths: [...paths] }, { key });
  await Promise.all([allDead, parked]);
  return run;
}

describe("troupe dead-letters", () => {
  it("lists them, sends one again, and the run goes on to its end", async () => {
    await using folder = await tempFolder();
    const store = join(folder.path, "store");
    const readers = makeReaders();
    const first = await open({ store, agents: readers.agents });
    const { id: run } = await submitBad(first, readers, "r", ["bad\u202e"]);
    await first.close();
    const call = (...args: string[]) => callCli(["dead-letters", "--store", store, ...args]);

    const text = await call();
    const listed = await call("r", "--json");
    const [letter] = JSON.parse(listed.stdout).deadLetters;
    const replayed = await call("--replay", letter.id, "--json");
    const replayedAgain = await call("--replay", letter.id);
    const none = await call();

    expect(text.stdout.split("\n")).toEqual([
      letter.id,
      "  from     lead",
      `  to       reader-0@${run}`,
      expect.stringMatching(/^ {2}reason {3}failed after 2 attempts, \d+ m?s ago$/),
      String.raw`  error    Error: cannot read bad\u{202e}`,
      String.raw`  message  read {"path":"bad\u{202e}"}`,
      "",
    ]);
    expect(letter).toMatchObject({ actor: "reader-0", sender: "lead", kind: "read", reason: "failed", attempts: 2 });
    expect(letter.body).toEqual({ path: "bad\u202e" });
    expect(replayed).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(replayed.stdout)).toEqual({ store, replayed: [letter.id], skipped: [] });
    expect(replayedAgain).toMatchObject({ code: 1, stdout: "" });
    expect(replayedAgain.stderr).toMatch(/^troupe: no dead letter in .+\n$/);
    expect(none.stdout).toBe(`There are no dead letters in ${store}.\n`);

    readers.mend();
    await using second = await open({ store, agents: readers.agents });
    expect(await (await second.run(run))?.result()).toEqual({ read: ["bad\u202e"] });
  });

  it("sends all of a run again while a worker is there, and passes over what has ended", async () => {
    await using database = await testDatabase();
    const readers = makeReaders();
    await using troupe = await open({ store: database.url, agents: readers.agents });
    const cancelled = await submitBad(troupe, readers, "cancelled", ["bad"]);
    await cancelled.cancel();
    const run = await submitBad(troupe, readers, "going", ["bad1", "bad2", "good"]);
    const call = (...args: string[]) => callCli(["dead-letters", "--store", database.url, ...args]);
    readers.mend();

    const some = await call("going", "--replay-all");
    const result = await run.result();
    const rest = await call("--replay-all", "--json");
    const [left] = JSON.parse((await call("--json")).stdout).deadLetters;
    const refused = await call("--replay", left.id, "--json");

    expect(some).toMatchObject({ code: 0, stderr: "" });
    expect(some.stdout).toMatch(/^sent again: \S+reader-\d\nsent again: \S+reader-\d\n$/);
    expect(result).toEqual({ read: ["bad1", "bad2", "good"] });
    expect(JSON.parse(rest.stdout)).toMatchObject({ replayed: [], skipped: [left.id] });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(JSON.parse(refused.stderr).error).toMatchObject({ code: "run_ended", remedy: "give_up" });
  });
});
