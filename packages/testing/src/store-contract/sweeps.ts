import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import {
  actorRow,
  actorWrite,
  channelWrite,
  charge,
  deadLetter,
  groupRow,
  mail,
  message,
  NOON,
  runRow,
  stepRow,
  turnRow,
} from "./rows.ts";
import { channelOf, openWorld, type World } from "./world.ts";

/** Rows 2 to 9 at NOON + seq; root has consumed up to 6, x up to 3; 4 and 5 are to everyone, else even rows are to x and odd ones to root. */
async function talkedGroup({ worker, start }: World) {
  const ann = await worker("ann");
  const run = await start(ann, "run");
  const seqs = [2, 3, 4, 5, 6, 7, 8, 9];
  await ann.apply({
    spawned: [actorRow("run", "x", { cursor: 1 })],
    log: seqs.map((seq) =>
      message(run.root, seq, { at: NOON + seq, recipient: seq === 4 || seq === 5 ? null : seq % 2 ? "root" : "x" }),
    ),
    channels: [channelWrite(run.root, 9)],
    charges: [charge("run", { actors: 1, messages: 8 })],
  });
  await ann.apply({
    actors: [actorWrite(run.root, "root", { cursor: 6, turn: 5 }), actorWrite(run.root, "x", { cursor: 3, turn: 2 })],
    channels: [channelWrite(run.root, 9)],
    charges: [charge("run", { turns: 5 })],
  });
  return { ann, run };
}

export function sweepsContract(open: OpenStore): void {
  describe("sweeps", () => {
    it("take away what everyone addressed has consumed, and is old", async () => {
      const world = await openWorld(open);
      await talkedGroup(world);
      const { store } = world;
      const left = async () => (await store.history("run", 99)).map(({ seq }) => seq);
      const before = await channelOf(store, "run");

      expect(await store.sweep(NOON, 99)).toMatchObject({ messages: 0 });
      expect(await store.sweep(NOON + 3, 99)).toMatchObject({ messages: 2 });
      expect(await left()).toEqual([3, 4, 5, 6, 7, 8, 9]);
      // 4 and 5 are to everyone and x has not read them; 6 is x's own mail.
      expect(await store.sweep(NOON + 99, 99)).toMatchObject({ messages: 1 });
      expect(await left()).toEqual([4, 5, 6, 7, 8, 9]);
      const after = await channelOf(store, "run");
      expect(after.unread).toEqual(before.unread);
      expect(after.head).toBe(9);
    });

    it("do not wait for a member that has stopped, save for mail to it alone, which has yet to become a dead letter", async () => {
      const world = await openWorld(open);
      const { ann, run } = await talkedGroup(world);
      const { store } = world;
      await ann.apply({
        actors: [actorWrite(run.root, "x", { cursor: 3, turn: 2, standing: "stopped" })],
        channels: [channelWrite(run.root, 9)],
        charges: [charge("run", { stopped: 1 })],
      });

      while ((await store.sweep(NOON + 99, 99)).messages > 0);

      expect((await store.history("run", 99)).map(({ seq }) => seq)).toEqual([6, 7, 8, 9]);
    });

    it("keep the mail of a member that is paused or quarantined", async () => {
      for (const standing of ["paused", "quarantined"] as const) {
        const world = await openWorld(open);
        const { ann, run } = await talkedGroup(world);
        await ann.apply({
          actors: [actorWrite(run.root, "x", { cursor: 3, turn: 2, standing })],
          channels: [channelWrite(run.root, 9)],
          charges: [charge("run")],
        });

        while ((await world.store.sweep(NOON + 99, 99)).messages > 0);

        expect((await world.store.history("run", 99)).map(({ seq }) => seq)).toEqual([4, 5, 6, 7, 8, 9]);
      }
    });

    it("leave the numbers of a channel as they are", async () => {
      const world = await openWorld(open);
      const { ann, run } = await talkedGroup(world);
      await ann.apply({
        actors: ["root", "x"].map((name) => actorWrite(run.root, name, { cursor: 9, turn: 6 })),
        channels: [channelWrite(run.root, 9)],
        charges: [charge("run")],
      });
      while ((await world.store.sweep(NOON + 99, 99)).messages > 0);

      await ann.apply({
        log: [message(run.root, 10)],
        channels: [channelWrite(run.root, 10)],
        charges: [charge("run")],
      });

      expect((await world.store.history("run", 99)).map(({ seq }) => seq)).toEqual([10]);
    });

    it("stop at the limit, and go on with the next", async () => {
      const world = await openWorld(open);
      const { ann, run } = await talkedGroup(world);
      await ann.apply({
        actors: ["root", "x"].map((name) => actorWrite(run.root, name, { cursor: 9, turn: 6 })),
        channels: [channelWrite(run.root, 9)],
        charges: [charge("run")],
      });
      const { store } = world;

      const counts: number[] = [];
      for (let i = 0; i < 4; i++) counts.push((await store.sweep(NOON + 99, 4)).messages);

      expect(counts).toEqual([4, 4, 1, 0]);
      expect(await store.history("run", 99)).toEqual([]);
      expect((await channelOf(store, "run")).head).toBe(9);
    });

    it("take away old closed turns and their steps, and nothing of the turn in hand", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const turns = [1, 2, 3, 4];
      await ann.apply({
        actors: [actorWrite(run.root, "root", { turn: 4 })],
        turns: turns.map((turn) =>
          turnRow(run.root, "root", turn, { startedAt: NOON + turn, outcome: turn === 4 ? "failed" : "done" }),
        ),
        steps: turns.map((turn) => stepRow(run.root, "root", turn, "s", { at: NOON + turn })),
        channels: [channelWrite(run.root, 1)],
        charges: [charge("run", { turns: 4 })],
      });

      expect(await store.sweep(NOON + 2, 99)).toMatchObject({ turns: 1, steps: 1 });
      expect(await store.sweep(NOON + 99, 1)).toMatchObject({ turns: 1, steps: 1 });
      expect(await store.sweep(NOON + 99, 99)).toMatchObject({ turns: 1, steps: 1 });
      expect(await store.sweep(NOON + 99, 99)).toMatchObject({ turns: 0, steps: 0 });
      expect((await channelOf(store, "run")).steps).toMatchObject([{ turn: 4, key: "s" }]);
    });

    it("take away ended runs with all that is theirs, and leave running and younger ones", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await start(ann, "running");
      const old = await start(ann, "old", { key: "k" });
      await ann.apply({
        log: [message(old.root, 2)],
        turns: [turnRow(old.root, "root", 1)],
        steps: [stepRow(old.root, "root", 1, "s")],
        deadLetters: [deadLetter(old.root, 1, "root")],
        channels: [channelWrite(old.root, 2)],
        charges: [charge("old")],
      });
      const ended = await store.endRun("old", { status: "finished", result: null, error: null });
      const endedAt = ended?.endedAt ?? 0;

      while ((await store.sweep(endedAt, 99)).runs > 0);
      expect(await store.loadRuns(["old"])).toHaveLength(1);
      let swept = 0;
      for (let more = true; more; ) {
        const { runs, ...rest } = await store.sweep(endedAt + 1, 99);
        swept += runs;
        more = runs + rest.messages + rest.steps + rest.turns > 0;
      }

      expect(swept).toBe(1);
      expect(await store.loadRuns(["old"])).toEqual([]);
      expect(await store.groupsOf("old")).toEqual([]);
      expect(await store.inspect("old")).toBeUndefined();
      expect(await store.loadChannels(["old", "old#admin"])).toEqual([]);
      expect(await store.history("old", 9)).toEqual([]);
      expect(await store.deadLetters(undefined, 9)).toEqual([]);
      expect(await store.loadRuns(["running"])).toMatchObject([{ status: "running" }]);
      expect(await ann.commit({ charges: [charge("old")] })).toEqual({ outcome: "ended", runs: ["old"] });
      const again = { run: runRow({ id: "new", key: "k" }), actor: actorRow("new", "root"), first: mail("f", "new") };
      expect(await store.submit({ ...again, root: groupRow("new") })).toMatchObject({ created: true });
    });

    it("take no more runs away than the limit says", async () => {
      const { store, submit } = await openWorld(open);
      let endedAt = 0;
      for (const id of ["a", "b", "c"]) {
        await submit(id);
        endedAt = (await store.endRun(id, { status: "finished", result: null, error: null }))?.endedAt ?? 0;
      }

      const { runs } = await store.sweep(endedAt + 1, 2);

      expect(runs).toBeLessThanOrEqual(2);
      expect(await store.listRuns(9)).toHaveLength(3 - runs);
    });
  });
}
