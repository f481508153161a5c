import { encode, WAKE_ON_MAIL } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { plain } from "./photograph.ts";
import { actorRow, channelWrite, charge, groupRow, mail } from "./rows.ts";
import { channelOf, openWorld } from "./world.ts";

const END = { status: "finished", result: encode("the result"), error: null } as const;

export function restContract(open: OpenStore): void {
  describe("rest and ends", () => {
    it("ends a run as quiescent with the commit that leaves it nothing to do", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");

      const { accounts } = await ann.apply({
        channels: [channelWrite(run.root, 1, null)],
        charges: [charge("run", { turns: 1 })],
      });

      expect(accounts).toMatchObject([{ run: "run", quiescent: true, spent: { turns: 1 } }]);
      const [row] = await store.loadRuns(["run"]);
      expect(row).toMatchObject({ status: "quiescent", result: null, error: null, endedAt: expect.any(Number) });
    });

    it("keeps a run going while any of its channels has something to do, now, later or on mail", async () => {
      for (const wakeAt of [0, 1_700_000_000_000, WAKE_ON_MAIL]) {
        const { worker, start } = await openWorld(open);
        const ann = await worker("ann");
        const run = await start(ann, "run");
        await ann.apply({ channels: [channelWrite(run.admin, 0, wakeAt)], charges: [charge("run")] });

        const still = await ann.apply({ channels: [channelWrite(run.root, 1, null)], charges: [charge("run")] });
        const last = await ann.apply({ channels: [channelWrite(run.admin, 0, null)], charges: [charge("run")] });

        expect(still.accounts).toMatchObject([{ quiescent: false }]);
        expect(last.accounts).toMatchObject([{ quiescent: true }]);
      }
    });

    it("keeps a run going while mail waits in any inbox for it", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await store.post([mail("other shard", "run", { shard: 1 })]);

      const still = await ann.apply({ channels: [channelWrite(run.root, 1, null)], charges: [charge("run")] });
      const last = await ann.apply({ admitted: [{ shard: 1, key: "other shard" }], charges: [charge("run")] });

      expect(still.accounts).toMatchObject([{ quiescent: false }]);
      expect(last.accounts).toMatchObject([{ quiescent: true }]);
    });

    it("keeps a run going when the commit that quiets its groups posts mail for it", async () => {
      const { worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");

      const { accounts } = await ann.apply({
        channels: [channelWrite(run.root, 1, null)],
        groups: [groupRow("run/a", { shard: 1 })],
        spawned: [actorRow("run/a", "root")],
        posted: [mail("hello", "run/a", { shard: 1 })],
        charges: [charge("run", { groups: 1, actors: 1 })],
      });

      expect(accounts).toMatchObject([{ quiescent: false }]);
    });

    it("sees the rest that two workers bring about at the same time", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const ann = await worker("ann", { shards: 1 });
      const bob = await worker("bob", { store: await second() });
      const [here = 0, there = 1] = [ann.leases[0]?.shard, bob.leases[0]?.shard];

      for (let round = 0; round < 10; round++) {
        const id = `run-${round}`;
        const run = await start(ann, id, { shard: here });
        await ann.apply({ groups: [groupRow(`${id}/a`, { shard: there })], charges: [charge(id, { groups: 1 })] });
        const { key } = await channelOf(store, `${id}/a`);
        await bob.apply({ channels: [channelWrite(key, 0, 0)], charges: [charge(id)] });

        const ends = await Promise.all([
          ann.apply({ channels: [channelWrite(run.root, 1, null)], charges: [charge(id)] }),
          bob.apply({ channels: [channelWrite(key, 0, null)], charges: [charge(id)] }),
        ]);

        expect(ends.flatMap(({ accounts }) => accounts.map(({ quiescent }) => quiescent)).sort()).toEqual([
          false,
          true,
        ]);
        expect(await store.loadRuns([id])).toMatchObject([{ status: "quiescent" }]);
      }
    });

    it("ends a run with the commit that says so, and puts all of it to rest", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await store.post([mail("late", "run", { shard: 1 })]);

      const { accounts } = await ann.apply({
        posted: [mail("later", "run")],
        channels: [channelWrite(run.root, 1, 0), channelWrite(run.admin, 0, WAKE_ON_MAIL)],
        charges: [charge("run", { turns: 1, end: END })],
      });

      expect(accounts).toMatchObject([{ run: "run", quiescent: false, spent: { turns: 1 } }]);
      expect(plain(await store.loadRuns(["run"]))).toMatchObject([
        { status: "finished", result: plain(END.result), error: null },
      ]);
      expect(await store.due([0, 1], WAKE_ON_MAIL, 9)).toEqual({ channels: [], inbox: [] });
      expect((await channelOf(store, "run")).wakeAt).toBeNull();
      expect(await ann.commit({ charges: [charge("run")] })).toEqual({ outcome: "ended", runs: ["run"] });
    });

    it("ends a run from outside once, and answers with it as it stands", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await start(ann, "other");
      await ann.apply({ channels: [channelWrite(run.admin, 0, 0)], charges: [charge("run")] });
      await store.post([mail("late", "run"), mail("late too", "run", { shard: 1 }), mail("stays", "other")]);

      const ended = await store.endRun("run", { status: "failed", result: null, error: "too slow" });
      const again = await store.endRun("run", END);

      expect(ended).toMatchObject({ id: "run", status: "failed", error: "too slow", endedAt: expect.any(Number) });
      expect(plain(again)).toEqual(plain(ended));
      expect(plain(await store.loadRuns(["run"]))).toEqual([plain(ended)]);
      const due = await store.due([0, 1], WAKE_ON_MAIL, 9);
      expect(due.channels).toMatchObject([{ name: "other" }]);
      expect(due.inbox).toMatchObject([{ key: "stays" }]);
      expect(await store.endRun("never was", END)).toBeUndefined();
    });

    it("ignores mail for a run that is over, posted alone or with a commit", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await start(ann, "run");
      await start(ann, "over");
      await store.endRun("over", END);

      await store.post([mail("one", "over"), mail("two", "never was"), mail("three", "run")]);
      await ann.apply({ posted: [mail("four", "over"), mail("five", "run")], charges: [charge("run")] });

      expect((await store.due([0], 0, 9)).inbox.map(({ key }) => key)).toEqual(["three", "five"]);
    });

    it("leaves nothing behind when mail and the end of its run race", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const other = await second();
      const ann = await worker("ann");
      const ids = Array.from({ length: 10 }, (_, index) => `run-${index}`);
      for (const id of ids) await start(ann, id);

      await Promise.all(ids.flatMap((id) => [other.post([mail(`mail for ${id}`, id)]), store.endRun(id, END)]));

      expect((await store.due([0], WAKE_ON_MAIL, 99)).inbox).toEqual([]);
    });
  });
}
