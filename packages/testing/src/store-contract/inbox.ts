import { encode, WAKE_ON_MAIL } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { plain } from "./photograph.ts";
import { channelWrite, charge, groupRow, mail, NOON } from "./rows.ts";
import { channelOf, openWorld } from "./world.ts";

export function inboxContract(open: OpenStore): void {
  describe("what is due", () => {
    it("names the channels that have something to do by then, soonest first, up to the limit", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await start(ann, "run");
      const wakes = {
        "run/a": NOON + 2,
        "run/b": NOON,
        "run/c": 0,
        "run/d": WAKE_ON_MAIL,
        "run/e": null,
        "run/f": NOON + 1,
      };
      await ann.apply({
        groups: Object.keys(wakes).map((id) => groupRow(id, { shard: 1 })),
        charges: [charge("run", { groups: 6 })],
      });
      const channels = await store.loadChannels(Object.keys(wakes));
      await ann.apply({
        channels: channels.map(({ key, name }) => channelWrite(key, 0, wakes[name as keyof typeof wakes])),
        charges: [charge("run")],
      });

      const names = async (before: number, limit: number) =>
        (await store.due([1], before, limit)).channels.map(({ name }) => name);

      expect((await store.due([1], NOON, 9)).channels).toEqual([
        { name: "run/c", shard: 1, wakeAt: 0 },
        { name: "run/b", shard: 1, wakeAt: NOON },
      ]);
      expect(await names(NOON - 1, 9)).toEqual(["run/c"]);
      expect(await names(NOON + 9, 3)).toEqual(["run/c", "run/b", "run/f"]);
      expect(await names(WAKE_ON_MAIL - 1, 9)).toEqual(["run/c", "run/b", "run/f", "run/a"]);
      expect((await store.due([0], WAKE_ON_MAIL, 9)).channels.map(({ name }) => name)).toEqual(["run"]);
      expect(await store.due([], WAKE_ON_MAIL, 9)).toEqual({ channels: [], inbox: [] });
    });

    it("hands out inbox rows as they were posted, and of one sender in order", async () => {
      const { store, submit } = await openWorld(open);
      await submit("run", { shard: 1 });
      const rows = Array.from({ length: 30 }, (_, index) =>
        mail(`key ${99 - index}`, "run", { sender: `s${index % 3}@other`, body: encode(index), at: NOON - index }),
      );

      for (let i = 0; i < rows.length; i += 5) await store.post(rows.slice(i, i + 5));

      const { inbox } = await store.due([0], 0, 99);
      for (const sender of ["s0@other", "s1@other", "s2@other"]) {
        const mine = (of: typeof rows) => of.filter((row) => row.sender === sender);
        expect(plain(mine([...inbox]))).toEqual(plain(mine(rows)));
      }
      expect((await store.due([0], 0, 10)).inbox.map(({ key }) => key).sort()).toEqual(
        rows
          .slice(0, 10)
          .map(({ key }) => key)
          .sort(),
      );
      expect((await store.due([1], 0, 99)).inbox.map(({ key }) => key)).toEqual(["first:run"]);
    });

    it("takes mail with a known key once: in one call, in two, at the same time, and after it was admitted", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const other = await second();
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const row = mail("once", "run");

      await store.post([row, row]);
      await Promise.all(Array.from({ length: 6 }, (_, index) => (index % 2 ? store : other).post([row])));
      await ann.apply({
        posted: [row, mail("once", "run", { shard: 1 })],
        channels: [channelWrite(run.root, 1)],
        charges: [charge("run")],
      });
      const waiting = await store.due([0, 1], 0, 99);
      await ann.apply({ admitted: [{ shard: 0, key: "once" }], charges: [charge("run")] });
      await store.post([row]);
      await ann.apply({ posted: [row], charges: [charge("run")] });

      expect(waiting.inbox.map(({ shard, key }) => ({ shard, key }))).toEqual([
        { shard: 0, key: "once" },
        { shard: 1, key: "once" },
      ]);
      expect((await store.due([0, 1], 0, 99)).inbox).toMatchObject([{ shard: 1, key: "once" }]);
    });

    it("lets one worker admit a row when two try", async () => {
      const { store, worker, start, expire } = await openWorld(open);
      const ann = await worker("ann");
      await start(ann, "run");
      await store.post([mail("x", "run")]);
      await expire(ann);
      const bob = await worker("bob");

      const outcomes = await Promise.all([
        ann.commit({ admitted: [{ shard: 0, key: "x" }], charges: [charge("run")] }),
        bob.commit({ admitted: [{ shard: 0, key: "x" }], charges: [charge("run")] }),
      ]);

      expect(outcomes.map(({ outcome }) => outcome)).toEqual(["fenced", "committed"]);
      expect((await store.due([0], 0, 99)).inbox).toEqual([]);
    });

    it("takes mail for the admin channel as for any other", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const row = mail("to admins", "run#admin", { sender: "x@run/a", recipient: "root@run" });

      await store.post([row]);
      const { inbox } = await store.due([0], 0, 9);
      const { shard, key, run: _run, ...rest } = inbox[0] ?? row;
      await ann.apply({
        admitted: [{ shard, key }],
        log: [{ ...rest, channel: run.admin, seq: 1 }],
        channels: [channelWrite(run.admin, 1)],
        charges: [charge("run", { messages: 1 })],
      });

      expect(await store.history("run#admin", 9)).toMatchObject([
        { channel: "run#admin", seq: 1, recipient: "root@run" },
      ]);
      expect(await channelOf(store, "run#admin")).toMatchObject({
        kind: "admin",
        shard: 0,
        admin: "",
        head: 1,
        members: [],
        unread: [],
      });
    });
  });
}
