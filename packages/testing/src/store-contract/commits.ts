import { encode, WAKE_ON_MAIL } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { photograph, plain } from "./photograph.ts";
import { actorRow, actorWrite, channelWrite, charge, groupRow, mail, message, stepRow, turnRow } from "./rows.ts";
import { channelOf, openWorld } from "./world.ts";

export function commitsContract(open: OpenStore): void {
  describe("commits", () => {
    it("applies messages, cursors, states, steps and the group's wake-up together", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");

      await ann.apply({
        log: [message(run.root, 2, { kind: "second" }), message(run.root, 3, { recipient: null })],
        actors: [
          actorWrite(run.root, "root", { cursor: 1, turn: 2, state: encode("changed"), progress: encode("half") }),
        ],
        turns: [turnRow(run.root, "root", 1)],
        steps: [stepRow(run.root, "root", 2, "one")],
        channels: [channelWrite(run.root, 3, NOON_LATER)],
        charges: [charge("run", { turns: 1, messages: 2 })],
      });

      const root = await channelOf(store, "run");
      expect(root).toMatchObject({ key: run.root, head: 3, wakeAt: NOON_LATER });
      expect(root.members).toHaveLength(1);
      expect(plain(root.members[0])).toMatchObject({
        name: "root",
        standing: "active",
        cursor: 1,
        turn: 2,
        progress: plain(encode("half")),
        state: plain(encode("changed")),
      });
      expect(root.unread.map((row) => row.seq)).toEqual([2, 3]);
      expect(plain(root.steps)).toEqual([plain(stepRow(run.root, "root", 2, "one"))]);
    });

    it("leaves the stored state alone where a turn writes none", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");

      await ann.apply({
        actors: [actorWrite(run.root, "root", { turn: 2, standing: "paused" })],
        channels: [channelWrite(run.root, 1)],
        charges: [charge("run")],
      });

      expect(plain(await store.loadState(run.root, "root"))).toEqual(plain(actorRow("run", "root").state));
      expect((await channelOf(store, "run")).members[0]).toMatchObject({ standing: "paused", turn: 2 });
    });

    it("applies the same number once, however often it is sent", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const rows = {
        number: ann.next,
        log: [message(run.root, 2)],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run", { messages: 1, turns: 1 })],
      };

      const first = await ann.commit(rows);
      const second = await ann.commit(rows);

      expect(first).toMatchObject({
        outcome: "committed",
        accounts: [{ run: "run", spent: { messages: 2, turns: 1 } }],
      });
      expect(second).toEqual(first);
      expect(await store.history("run", 9)).toHaveLength(2);
    });

    it("knows a number as applied after its shards were taken over", async () => {
      const { worker, start, expire } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const rows = {
        number: ann.next,
        log: [message(run.root, 2)],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run")],
      };
      await ann.apply(rows);
      await expire(ann);
      await worker("bob", { shards: 1 });

      expect(await ann.commit(rows)).toMatchObject({ outcome: "committed" });
    });

    it("rejects a number that is neither the last nor the next", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await ann.apply({});
      const rows = { log: [message(run.root, 2)], channels: [channelWrite(run.root, 2)], charges: [charge("run")] };

      for (const number of [0, ann.next - 2, ann.next + 1]) {
        await expect(ann.commit({ ...rows, number })).rejects.toMatchObject({ code: "commit_rejected" });
      }

      expect(await store.history("run", 9)).toHaveLength(1);
      await ann.apply(rows);
    });

    it("creates groups, their actors and their first mail in one commit", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const spawner = "root@run";

      await ann.apply({
        groups: [
          groupRow("run/a", { shard: 1, admin: "x", spawner }),
          groupRow("run/a/b", { depth: 3, admin: "y", spawner }),
        ],
        spawned: [
          actorRow("run/a", "x", { spawner }),
          actorRow("run/a/b", "y"),
          actorRow("run", "helper", { cursor: 1, spawner }),
        ],
        posted: [mail("hello", "run/a", { shard: 1, recipient: "x" })],
        channels: [channelWrite(run.root, 1)],
        charges: [charge("run", { actors: 3, groups: 2 })],
      });

      expect([...(await store.groupsOf("run"))].sort()).toEqual(["run", "run/a", "run/a/b"]);
      const a = await channelOf(store, "run/a");
      expect(a).toMatchObject({
        kind: "group",
        shard: 1,
        run: "run",
        depth: 2,
        admin: "x",
        spawner,
        head: 0,
        wakeAt: null,
        unread: [],
      });
      expect(a.members).toEqual([
        {
          name: "x",
          definition: "member",
          spawner,
          standing: "active",
          cursor: 0,
          turn: 1,
          progress: null,
          state: null,
        },
      ]);
      expect(plain(await store.loadState(a.key, "x"))).toEqual(plain(actorRow("run/a", "x").state));
      expect((await channelOf(store, "run")).members.map(({ name }) => name).sort()).toEqual(["helper", "root"]);
      expect((await store.due([1], 0, 9)).inbox).toMatchObject([{ key: "hello", channel: "run/a" }]);
    });

    it("takes many rows at once", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const names = Array.from({ length: 300 }, (_, index) => `m${index}`);

      await ann.apply({
        spawned: names.map((name) => actorRow("run", name, { cursor: 1 })),
        channels: [channelWrite(run.root, 1)],
        charges: [charge("run", { actors: 300 })],
      });
      await ann.apply({
        log: names.map((name, index) => message(run.root, index + 2, { sender: name, recipient: name })),
        actors: names.map((name, index) =>
          actorWrite(run.root, name, { cursor: index + 1, turn: 2, state: encode({ index }) }),
        ),
        turns: names.map((name) => turnRow(run.root, name, 1)),
        steps: names.map((name) => stepRow(run.root, name, 2, "s")),
        channels: [channelWrite(run.root, 301)],
        charges: [charge("run", { turns: 300, messages: 300 })],
      });

      const root = await channelOf(store, "run");
      expect(root.members).toHaveLength(301);
      expect(root.unread).toHaveLength(301);
      expect(root.steps).toHaveLength(300);
      expect(plain(await store.loadState(run.root, "m299"))).toEqual(plain(encode({ index: 299 })));
    });

    it("shows to any reader what has been committed", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const other = await second();
      const ann = await worker("ann");
      const run = await start(ann, "run");

      for (let seq = 2; seq <= 20; seq++) {
        await ann.apply({
          log: [message(run.root, seq)],
          channels: [channelWrite(run.root, seq)],
          charges: [charge("run")],
        });
        expect((await channelOf(other, "run")).head).toBe(seq);
      }

      expect(await photograph(other, ["run"])).toEqual(await photograph(store, ["run"]));
    });

    it("takes the commits of several workers at the same time", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const ann = await worker("ann", { shards: 1 });
      const bob = await worker("bob", { store: await second() });
      const homes = [ann, bob].map((one) => ({ one, shard: one.leases[0]?.shard ?? 0, id: `run-${one.id}` }));
      const runs = await Promise.all(homes.map(({ one, shard, id }) => start(one, id, { shard })));

      await Promise.all(
        homes.map(async ({ one, id }, index) => {
          const key = runs[index]?.root ?? 0;
          for (let seq = 2; seq <= 25; seq++) {
            const charges = [charge(id, { messages: 1 })];
            await one.apply({ log: [message(key, seq)], channels: [channelWrite(key, seq)], charges });
          }
        }),
      );

      for (const { id } of homes) expect((await store.history(id, 99)).map((row) => row.seq)).toEqual(upTo(25));
    });

    it("counts what two workers spend of one run at the same time", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const ann = await worker("ann", { shards: 1 });
      const bob = await worker("bob", { store: await second() });
      await start(ann, "run", { shard: ann.leases[0]?.shard ?? 0 });
      await store.post([mail("keeps it running", "run", { shard: 0 })]);

      await Promise.all(
        [ann, bob].map(async (one) => {
          for (let i = 0; i < 20; i++) await one.apply({ charges: [charge("run", { turns: 1, messages: 2 })] });
        }),
      );

      const [row] = await store.loadRuns(["run"]);
      expect(row?.spent).toMatchObject({ turns: 40, messages: 81 });
    });
  });
}

const NOON_LATER = WAKE_ON_MAIL - 1;

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
