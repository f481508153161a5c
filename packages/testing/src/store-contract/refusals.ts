import { encode } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { photograph } from "./photograph.ts";
import {
  actorRow,
  actorWrite,
  type CommitRows,
  channelWrite,
  charge,
  deadLetter,
  groupRow,
  mail,
  message,
  stepRow,
  turnRow,
} from "./rows.ts";
import { openWorld, type TestRun, type TestWorker, type World } from "./world.ts";

const NOWHERE = 999_999;

/** A commit with something of everything, none of it wrong. */
function goodRows({ root }: TestRun): Required<CommitRows> {
  return {
    log: [message(root, 2), message(root, 3, { recipient: null })],
    actors: [actorWrite(root, "root", { cursor: 1, turn: 2, state: encode("next") })],
    channels: [channelWrite(root, 3)],
    turns: [turnRow(root, "root", 1)],
    steps: [stepRow(root, "root", 2, "good")],
    groups: [groupRow("run/new")],
    spawned: [actorRow("run/new", "x"), actorRow("run", "y", { cursor: 1 })],
    posted: [mail("good", "run/new", { recipient: "x" })],
    admitted: [{ shard: 0, key: "waiting" }],
    deadLetters: [deadLetter(root, 1, "root")],
    charges: [charge("run", { turns: 1, messages: 2, actors: 2, groups: 1 })],
  };
}

/** One bad row each, to go after the good ones. */
const BAD_ROWS: Readonly<Record<string, (run: TestRun) => CommitRows>> = {
  "a message whose number is taken": ({ root }) => ({ log: [message(root, 1)] }),
  "two messages with one number": ({ root }) => ({ log: [message(root, 3)] }),
  "a message to a channel that does not exist": () => ({ log: [message(NOWHERE, 1)] }),
  "a write of an actor that does not exist": ({ root }) => ({ actors: [actorWrite(root, "nobody")] }),
  "a write of a channel that does not exist": () => ({ channels: [channelWrite(NOWHERE, 1)] }),
  "a turn that is on record": ({ root }) => ({ turns: [turnRow(root, "root", 1)] }),
  "a step that is remembered": ({ root }) => ({ steps: [stepRow(root, "root", 1, "old")] }),
  "two steps with one key": ({ root }) => ({ steps: [stepRow(root, "root", 2, "good")] }),
  "a group that exists": () => ({ groups: [groupRow("run/old")] }),
  "two groups with one name": () => ({ groups: [groupRow("run/new")] }),
  "an actor whose name is taken": () => ({ spawned: [actorRow("run/old", "taken")] }),
  "two actors with one name": () => ({ spawned: [actorRow("run/new", "x")] }),
  "an actor of a group that does not exist": () => ({ spawned: [actorRow("run/none", "z")] }),
  "mail that is not in the inbox": () => ({ admitted: [{ shard: 0, key: "never posted" }] }),
  "mail that was admitted before": () => ({ admitted: [{ shard: 0, key: "first:run" }] }),
  "one piece of mail twice": () => ({ admitted: [{ shard: 0, key: "waiting" }] }),
  "mail in another shard's inbox": () => ({ admitted: [{ shard: 1, key: "waiting" }] }),
};

/** A run with a step, a group, an actor, a letter in the inbox. */
async function furnished({ store, worker, start }: World, limits = {}): Promise<{ run: TestRun; ann: TestWorker }> {
  const ann = await worker("ann");
  const run = await start(ann, "run", { limits });
  await ann.apply({
    steps: [stepRow(run.root, "root", 1, "old")],
    groups: [groupRow("run/old")],
    spawned: [actorRow("run/old", "taken")],
    channels: [channelWrite(run.root, 1)],
    charges: [charge("run", { actors: 1, groups: 1 })],
  });
  await store.post([mail("waiting", "run")]);
  return { run, ann };
}

export function refusalsContract(open: OpenStore): void {
  describe("refused commits", () => {
    it.each(Object.entries(BAD_ROWS))("leave no trace when they hold %s", async (_, bad) => {
      const world = await openWorld(open);
      const { run, ann } = await furnished(world);
      const good = goodRows(run);
      const rows: CommitRows = { ...good };
      const wrong = Object.fromEntries(
        Object.entries(bad(run)).map(([sort, more]) => [sort, [...(rows[sort as keyof CommitRows] ?? []), ...more]]),
      );
      // The turn on record must be one before this commit, not one of it.
      if (wrong.turns) await ann.apply({ turns: good.turns, charges: [charge("run", { turns: 1 })] });
      const before = await photograph(world.store, ["run"]);

      await expect(ann.commit({ ...rows, ...wrong })).rejects.toMatchObject({ code: "commit_rejected" });

      expect(await photograph(world.store, ["run"])).toEqual(before);
      await ann.apply(wrong.turns ? { ...good, turns: [] } : good);
    });

    it("are rejected for a turn that is twice in it", async () => {
      const world = await openWorld(open);
      const { run, ann } = await furnished(world);
      const good = goodRows(run);
      const before = await photograph(world.store, ["run"]);

      const twice = ann.commit({ ...good, turns: [...good.turns, ...good.turns] });

      await expect(twice).rejects.toMatchObject({ code: "commit_rejected" });
      expect(await photograph(world.store, ["run"])).toEqual(before);
      await ann.apply({ ...good, turns: [...good.turns, turnRow(run.root, "root", 1, { attempt: 2 })] });
    });

    it("leave no trace when the worker is fenced", async () => {
      const world = await openWorld(open);
      const { run, ann } = await furnished(world);
      const before = await photograph(world.store, ["run"]);

      const outcome = await ann.commit({ ...goodRows(run), leases: [{ shard: 0, epoch: 7 }] });

      expect(outcome).toEqual({ outcome: "fenced", shards: [0] });
      expect(await photograph(world.store, ["run"])).toEqual(before);
      await ann.apply(goodRows(run));
    });

    it("leave no trace when a run they charge has ended", async () => {
      const world = await openWorld(open);
      const { run, ann } = await furnished(world);
      await world.start(ann, "over");
      await world.store.endRun("over", { status: "cancelled", result: null, error: null });
      const before = await photograph(world.store, ["run", "over"]);
      const good = goodRows(run);

      const outcome = await ann.commit({ ...good, charges: [...good.charges, charge("over", { turns: 1 })] });

      expect(outcome).toEqual({ outcome: "ended", runs: ["over"] });
      expect(await photograph(world.store, ["run", "over"])).toEqual(before);
      await ann.apply(good);
    });

    it("count a run that does not exist as ended", async () => {
      const { worker } = await openWorld(open);
      const ann = await worker("ann");

      expect(await ann.commit({ charges: [charge("gone")] })).toEqual({ outcome: "ended", runs: ["gone"] });
    });

    it.each([
      ["turns", { turns: 2 }, { turns: 3 }, { turns: 2 }],
      ["groups", { groups: 3 }, { groups: 2 }, { groups: 1 }],
      ["actors", { actors: 3 }, { actors: 3, stopped: 1 }, { actors: 3, stopped: 2 }],
      ["actorsEver", { actorsEver: 4 }, { actors: 3, stopped: 3 }, { actors: 2, stopped: 2 }],
    ])(
      "leave no trace when they break the run's limit on %s, which itself can be reached",
      async (limit, limits, over, within) => {
        const world = await openWorld(open);
        const { run, ann } = await furnished(world, limits);
        const before = await photograph(world.store, ["run"]);
        const rows = goodRows(run);

        const outcome = await ann.commit({ ...rows, charges: [charge("run", over)] });

        expect(outcome).toEqual({ outcome: "over_limit", runs: [{ run: "run", limit }] });
        expect(await photograph(world.store, ["run"])).toEqual(before);
        await ann.apply({ ...rows, charges: [charge("run", within)] });
      },
    );

    it("let a run at its limits go on with what they do not bound", async () => {
      const world = await openWorld(open);
      const { run, ann } = await furnished(world, { turns: 1, groups: 2, actors: 2, actorsEver: 2 });
      await ann.apply({ charges: [charge("run", { turns: 1 })] });

      const { accounts } = await ann.apply({
        log: [message(run.root, 2)],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run", { messages: 1, stopped: 1 })],
      });

      expect(accounts).toMatchObject([{ spent: { turns: 1, messages: 2, actors: 2, actorsLiving: 1, groups: 2 } }]);
    });

    it("never let two workers break a limit together", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const ann = await worker("ann", { shards: 1 });
      const bob = await worker("bob", { store: await second() });
      await start(ann, "run", { shard: ann.leases[0]?.shard ?? 0, limits: { turns: 15 } });
      await store.post([mail("keeps it running", "run")]);

      const outcomes = await Promise.all(
        [ann, bob].map(async (one) => {
          const seen: string[] = [];
          for (let i = 0; i < 10; i++)
            seen.push((await one.commit({ charges: [charge("run", { turns: 1 })] })).outcome);
          return seen;
        }),
      );

      expect(outcomes.flat().filter((outcome) => outcome === "committed")).toHaveLength(15);
      expect(outcomes.flat().filter((outcome) => outcome === "over_limit")).toHaveLength(5);
    });
  });
}
