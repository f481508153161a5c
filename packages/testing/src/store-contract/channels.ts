import { encode } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { plain } from "./photograph.ts";
import { actorRow, actorWrite, channelWrite, charge, message, stepRow, turnRow } from "./rows.ts";
import { channelOf, openWorld, type World } from "./world.ts";

/** A root group with `root` (has read row 1) and the named members, who begin after row 1. */
async function groupOf({ worker, start }: World, names: readonly string[]) {
  const ann = await worker("ann");
  const run = await start(ann, "run");
  await ann.apply({
    spawned: names.map((name) => actorRow("run", name, { cursor: 1 })),
    actors: [actorWrite(run.root, "root", { cursor: 1, turn: 2 })],
    channels: [channelWrite(run.root, 1)],
    charges: [charge("run", { actors: names.length, turns: 1 })],
  });
  return { ann, root: run.root };
}

export function channelsContract(open: OpenStore): void {
  describe("channels", () => {
    it("are loaded where they exist", async () => {
      const { store, submit } = await openWorld(open);
      await submit("a");
      await submit("b");

      const found = await store.loadChannels(["b", "none", "a", "a#admin"]);

      expect(found.map(({ name }) => name).sort()).toEqual(["a", "a#admin", "b"]);
      expect(new Set(found.map(({ key }) => key)).size).toBe(3);
      expect(await store.loadChannels([])).toEqual([]);
    });

    it("show what lies beyond the cursor of some member, to it or to everyone, each row once and in order", async () => {
      const world = await openWorld(open);
      const { ann, root } = await groupOf(world, ["x", "y"]);
      const to = (seq: number, recipient: string | null) => message(root, seq, { recipient });
      await ann.apply({
        log: [to(2, "x"), to(3, null), to(4, "y"), to(5, "x"), to(6, null), to(7, "root"), to(8, "nobody")],
        channels: [channelWrite(root, 8)],
        charges: [charge("run")],
      });

      const unread = async () => (await channelOf(world.store, "run")).unread;
      const read = (name: string, cursor: number) =>
        ann.apply({
          actors: [actorWrite(root, name, { cursor, turn: 2 })],
          channels: [channelWrite(root, 8)],
          charges: [charge("run")],
        });

      expect(plain(await unread())).toEqual(
        plain([to(2, "x"), to(3, null), to(4, "y"), to(5, "x"), to(6, null), to(7, "root")]),
      );
      await read("x", 2);
      expect((await unread()).map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
      await read("y", 6);
      await read("root", 3);
      // To everyone: root has not read 6, x has read neither 3 nor 6.
      expect((await unread()).map(({ seq }) => seq)).toEqual([3, 5, 6, 7]);
      await read("x", 5);
      expect((await unread()).map(({ seq }) => seq)).toEqual([6, 7]);
      await read("x", 8);
      await read("root", 7);
      expect(await unread()).toEqual([]);
    });

    it("show members that are not active the mail to them, not what was said to everyone", async () => {
      for (const standing of ["stopped", "quarantined", "paused"] as const) {
        const world = await openWorld(open);
        const { ann, root } = await groupOf(world, ["x"]);
        await ann.apply({
          log: [
            message(root, 2, { recipient: "x" }),
            message(root, 3, { recipient: null }),
            message(root, 4, { recipient: "x" }),
          ],
          actors: [actorWrite(root, "x", { cursor: 1, standing }), actorWrite(root, "root", { cursor: 4, turn: 3 })],
          channels: [channelWrite(root, 4)],
          charges: [charge("run")],
        });

        const { unread, members } = await channelOf(world.store, "run");

        expect(unread.map(({ seq }) => seq)).toEqual([2, 4]);
        expect(members.find(({ name }) => name === "x")?.state).not.toBeNull();
      }
    });

    it("give a new member what was written beyond the cursor it starts with, and nothing before", async () => {
      const world = await openWorld(open);
      const { ann, root } = await groupOf(world, []);
      const all = {
        actors: [actorWrite(root, "root", { cursor: 9, turn: 3 })],
        charges: [charge("run", { actors: 1 })],
      };
      await ann.apply({
        log: [2, 3, 4].map((seq) => message(root, seq, { recipient: "late" })),
        channels: [channelWrite(root, 4)],
        ...all,
      });

      await ann.apply({
        spawned: [actorRow("run", "late", { cursor: 3 })],
        log: [message(root, 5, { recipient: "late" }), message(root, 6, { recipient: null })],
        channels: [channelWrite(root, 6)],
        ...all,
      });

      expect((await channelOf(world.store, "run")).unread.map(({ seq }) => seq)).toEqual([4, 5, 6]);
    });

    it("come with the state of members that have mail or an open turn, and of no others", async () => {
      const world = await openWorld(open);
      const { ann, root } = await groupOf(world, ["mail", "open", "idle"]);
      await ann.apply({
        log: [message(root, 2, { recipient: "mail" })],
        actors: [actorWrite(root, "open", { cursor: 1, progress: encode("half-way") })],
        channels: [channelWrite(root, 2)],
        charges: [charge("run")],
      });

      const { members } = await channelOf(world.store, "run");
      const states = Object.fromEntries(members.map(({ name, state }) => [name, plain(state)]));

      expect(states).toEqual({
        root: null,
        mail: plain(encode({ name: "mail" })),
        open: plain(encode({ name: "open" })),
        idle: null,
      });
      expect(plain(await world.store.loadState(root, "idle"))).toEqual(plain(encode({ name: "idle" })));
      expect(await world.store.loadState(root, "nobody")).toBeUndefined();
      expect(await world.store.loadState(999_999, "root")).toBeUndefined();
    });

    it("keep states and rows as they were when the caller reuses its buffers", async () => {
      const world = await openWorld(open);
      const { ann, root } = await groupOf(world, []);
      const buffer = Buffer.from("a state and a step");
      await ann.apply({
        actors: [
          actorWrite(root, "root", {
            cursor: 1,
            turn: 2,
            state: buffer.subarray(0, 7),
            progress: buffer.subarray(0, 7),
          }),
        ],
        steps: [stepRow(root, "root", 2, "s", { record: buffer.subarray(12) })],
        channels: [channelWrite(root, 1)],
        charges: [charge("run")],
      });
      const loaded = await world.store.loadState(root, "root");

      buffer.fill(0);
      loaded?.fill(0);

      const { members, steps } = await channelOf(world.store, "run");
      expect(plain(members[0])).toMatchObject({
        state: plain(Buffer.from("a state")),
        progress: plain(Buffer.from("a state")),
      });
      expect(plain(steps[0]?.record)).toBe(plain(Buffer.from("a step")));
    });

    it("come with the steps of the turns in hand, and of no others", async () => {
      const world = await openWorld(open);
      const { ann, root } = await groupOf(world, ["x"]);
      await ann.apply({
        steps: [
          stepRow(root, "root", 1, "old"),
          stepRow(root, "root", 2, "a"),
          stepRow(root, "root", 2, "b"),
          stepRow(root, "x", 1, "a"),
          stepRow(root, "x", 2, "ahead"),
        ],
        channels: [channelWrite(root, 1)],
        charges: [charge("run")],
      });

      const { steps } = await channelOf(world.store, "run");
      await ann.apply({
        actors: [actorWrite(root, "x", { cursor: 1, turn: 2 })],
        turns: [turnRow(root, "x", 1)],
        channels: [channelWrite(root, 1)],
        charges: [charge("run")],
      });
      const later = (await channelOf(world.store, "run")).steps;

      const named = (rows: typeof steps) => rows.map(({ actor, turn, key }) => `${actor} ${turn} ${key}`).sort();
      expect(named(steps)).toEqual(["root 2 a", "root 2 b", "x 1 a"]);
      expect(named(later)).toEqual(["root 2 a", "root 2 b", "x 2 ahead"]);
    });

    it("have a history that is read backwards in pages", async () => {
      const world = await openWorld(open);
      const { ann, root } = await groupOf(world, []);
      await ann.apply({
        log: Array.from({ length: 9 }, (_, index) =>
          message(root, index + 2, { recipient: "nobody", cause: `${root}:1` }),
        ),
        channels: [channelWrite(root, 10)],
        charges: [charge("run")],
      });
      const { store } = world;
      const page = async (limit: number, before?: number) =>
        (await store.history("run", limit, before)).map(({ seq }) => seq);

      expect(await page(3)).toEqual([8, 9, 10]);
      expect(await page(3, 8)).toEqual([5, 6, 7]);
      expect(await page(99, 3)).toEqual([1, 2]);
      expect(await page(99, 99)).toHaveLength(10);
      expect(await page(9, 1)).toEqual([]);
      expect(await store.history("none", 9)).toEqual([]);
      expect(plain(await store.history("run", 1))).toEqual([
        plain({ ...message(root, 10, { recipient: "nobody", cause: `${root}:1` }), channel: "run" }),
      ]);
    });
  });
}
