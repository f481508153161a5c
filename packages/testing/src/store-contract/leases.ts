import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { channelWrite, charge, message, turnRow } from "./rows.ts";
import { channelOf, LEASE_MS, openWorld, type TestWorker, testWorker } from "./world.ts";

export function leasesContract(open: OpenStore): void {
  describe("leases", () => {
    it("counts the workers whose lease runs, and forgets one that left", async () => {
      const { store } = await openWorld(open);
      await store.join("ann", "first", LEASE_MS);
      await store.join("bob", "first", LEASE_MS);

      expect(await store.renew("ann", LEASE_MS)).toEqual({ live: 2, leases: [] });
      await store.leave("bob");

      expect(await store.renew("ann", LEASE_MS)).toEqual({ live: 1, leases: [] });
      expect(await store.renew("bob", LEASE_MS)).toBeUndefined();
      expect(await store.renew("never seen", LEASE_MS)).toBeUndefined();
    });

    it("gives each shard once, up to the limit, at epoch 1", async () => {
      const { store } = await openWorld(open);
      await store.join("ann", "first", LEASE_MS);
      await store.join("bob", "first", LEASE_MS);

      const ann = await store.claim("ann", 1);
      const bob = await store.claim("bob", store.shards);
      const none = await store.claim("ann", store.shards);

      expect(ann).toHaveLength(1);
      expect(bob).toHaveLength(store.shards - 1);
      expect(none).toEqual([]);
      expect(new Set([...ann, ...bob].map((lease) => lease.shard)).size).toBe(store.shards);
      expect([...ann, ...bob].every((lease) => lease.epoch === 1)).toBe(true);
      expect((await store.renew("ann", LEASE_MS))?.leases).toEqual(ann);
    });

    it("shares the shards without overlap among workers that claim at the same time", async () => {
      const { store, second } = await openWorld(open);
      const stores = [store, await second()];
      const ids = Array.from({ length: 8 }, (_, index) => `worker ${index}`);
      for (const id of ids) await store.join(id, "first", LEASE_MS);

      const claims = await Promise.all(ids.map((id, index) => (stores[index % 2] ?? store).claim(id, 3)));

      const shards = claims.flat().map((lease) => lease.shard);
      expect(new Set(shards).size).toBe(shards.length);
      for (const claim of claims) expect(claim.length).toBeLessThanOrEqual(3);
      const rest = await store.claim("worker 0", store.shards);
      expect(shards.length + rest.length).toBe(store.shards);
    });

    it("gives nothing to a worker that is not known, or whose own lease has run out", async () => {
      const { store, worker, expire } = await openWorld(open);
      const ann = await worker("ann", { shards: 0 });

      await expire(ann);

      expect(await store.claim("ann", 1)).toEqual([]);
      expect(await store.claim("never seen", 1)).toEqual([]);
    });

    it("takes over the shards of a worker whose lease has run out, at the next epoch", async () => {
      const { store, worker, expire } = await openWorld(open);
      const ann = await worker("ann");
      const early = await worker("early");

      await expire(ann);
      const bob = await worker("bob", { shards: 1 });

      expect(early.leases).toEqual([]);
      expect(bob.leases).toEqual([{ shard: expect.any(Number), epoch: 2 }]);
      const heartbeat = await store.renew("ann", LEASE_MS);
      expect(heartbeat?.leases).toHaveLength(store.shards - 1);
      expect(heartbeat?.leases).not.toContainEqual(expect.objectContaining({ shard: bob.leases[0]?.shard }));
    });

    it("lets one of many take each shard when they race for a dead worker's", async () => {
      const { store, second, worker, expire } = await openWorld(open);
      const dead = await worker("dead");
      const stores = [store, await second()];
      const ids = Array.from({ length: 6 }, (_, index) => `heir ${index}`);
      for (const id of ids) await store.join(id, "first", LEASE_MS);
      await expire(dead);

      const claims = await Promise.all(ids.map((id, index) => (stores[index % 2] ?? store).claim(id, store.shards)));

      const taken = claims.flat();
      expect(new Set(taken.map((lease) => lease.shard)).size).toBe(taken.length);
      const rest = await store.claim("heir 0", store.shards);
      expect([...taken, ...rest].map((lease) => lease.epoch)).toEqual(Array(store.shards).fill(2));
    });

    it("lets a worker that was late go on with what nobody took, and a commit renews it", async () => {
      const { store, worker, start, expire } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await expire(ann);

      await ann.apply({
        log: [message(run.root, 2)],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run", { messages: 1 })],
      });

      const bob = await worker("bob");
      expect(bob.leases).toEqual([]);
      expect((await store.renew("bob", LEASE_MS))?.live).toBe(2);
    });

    it("fences the old owner after a take-over, and applies nothing of it", async () => {
      const { store, worker, start, expire } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await expire(ann);
      const bob = await worker("bob");

      const rows = {
        log: [message(run.root, 2)],
        channels: [channelWrite(run.root, 2, null)],
        charges: [charge("run")],
      };
      const outcome = await ann.commit(rows);

      expect(outcome).toEqual({ outcome: "fenced", shards: expect.any(Array) });
      expect(outcome.outcome === "fenced" && [...outcome.shards].sort(byNumber)).toEqual(shardsOf(ann));
      expect(await store.history("run", 9)).toHaveLength(1);
      expect(await channelOf(store, "run")).toMatchObject({ head: 1, wakeAt: 0 });
      await bob.apply(rows);
    });

    it("names only the shards that were lost", async () => {
      const { worker, start, expire } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await expire(ann);
      const bob = await worker("bob", { shards: 1 });

      const outcome = await ann.commit({
        log: [message(run.root, 2)],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run")],
      });

      expect(outcome).toEqual({ outcome: "fenced", shards: [bob.leases[0]?.shard] });
    });

    it("fences a worker that is not known, on every shard", async () => {
      const { store, worker } = await openWorld(open);
      const ann = await worker("ann");
      const stranger = testWorker(store, "stranger", ann.leases.slice(0, 2));
      await store.leave("ann");

      expect(await ann.commit({})).toMatchObject({ outcome: "fenced", shards: { length: store.shards } });
      expect(await stranger.commit({})).toEqual({
        outcome: "fenced",
        shards: stranger.leases.map(({ shard }) => shard),
      });
    });

    it("gives a released shard to the next who asks, and fences who gave it, also after taking it again", async () => {
      const { store, worker } = await openWorld(open);
      const ann = await worker("ann");
      const old = { leases: [{ shard: 0, epoch: 1 }] };

      await store.release("ann", [0]);
      const released = await ann.commit(old);
      const bob = await worker("bob");
      await store.release("ann", [0]);
      const stillBob = await store.renew("bob", LEASE_MS);
      await store.release("bob", [0]);
      const again = await store.claim("ann", store.shards);

      expect(released).toEqual({ outcome: "fenced", shards: [0] });
      expect(bob.leases).toEqual([{ shard: 0, epoch: 2 }]);
      expect(stillBob?.leases).toEqual(bob.leases);
      expect(again).toEqual([{ shard: 0, epoch: 3 }]);
      expect(await ann.commit(old)).toEqual({ outcome: "fenced", shards: [0] });
    });

    it("gives back everything of a worker that leaves", async () => {
      const { store, worker } = await openWorld(open);
      await worker("ann");

      await store.leave("ann");

      expect((await worker("bob")).leases).toHaveLength(store.shards);
    });

    it("keeps what a worker holds, and the count of its commits, when it joins again", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await start(ann, "run");

      await store.join("ann", "first", LEASE_MS);

      expect((await store.renew("ann", LEASE_MS))?.leases).toHaveLength(store.shards);
      await ann.apply({});
    });

    it("counts a running run as resumed when its root shard is claimed after it took a turn", async () => {
      const { store, worker, start, submit } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await start(ann, "over");
      await submit("fresh");
      await ann.apply({
        turns: [turnRow(run.root, "root", 1)],
        channels: [channelWrite(run.root, 1)],
        charges: [charge("run", { turns: 1 }), charge("over", { turns: 1 })],
      });
      await store.endRun("over", { status: "finished", result: null, error: null });

      const resumed = async () => {
        const runs = await store.loadRuns(["run", "over", "fresh"]);
        return Object.fromEntries(runs.map((row) => [row.id, row.resumed]));
      };
      await store.release("ann", [1]);
      await worker("another shard");
      expect(await resumed()).toEqual({ run: 0, over: 0, fresh: 0 });
      await store.leave("ann");
      await worker("bob");

      expect(await resumed()).toEqual({ run: 1, over: 0, fresh: 0 });
    });
  });
}

function shardsOf(worker: TestWorker): number[] {
  return worker.leases.map(({ shard }) => shard).sort(byNumber);
}

function byNumber(one: number, other: number): number {
  return one - other;
}
