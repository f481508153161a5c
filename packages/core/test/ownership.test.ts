import { expect, it } from "vitest";
import { gate, idler, script, spawned } from "./script.ts";
import { eventsOf, openWorld, type Worker } from "./world.ts";

const HOUR_MS = 3_600_000;

/** The shards that a runtime says it has, by its events. */
function shardsOf({ events }: Worker): number[] {
  const shards = new Set<number>();
  for (const event of events) {
    if (event.type === "shard_gained") shards.add(event.shard);
    if (event.type === "shard_lost") shards.delete(event.shard);
  }
  return [...shards];
}

it("shares the shards out evenly among two runtimes, and one that is left takes them all", async () => {
  await using world = await openWorld({ agents: [], shards: 8 });

  const other = await world.start();
  await world.clock.advance(5_000);
  // The first one's events began when it had its shards already.
  const kept = 8 - eventsOf(world.worker.events, "shard_lost").length;
  const gained = shardsOf(other);
  await world.worker.close();
  await world.clock.advance(5_000);

  expect(kept).toBe(4);
  expect(gained).toHaveLength(4);
  expect(shardsOf(other)).toHaveLength(8);
});

it("takes over the runs of a runtime that is just gone, once its lease is over", async () => {
  const lead = script("lead", async (_message, self) => {
    const first = await self.step("first", () => "remembered");
    await self.sleep(1_000);
    self.finish([first, self.attempt]);
  });
  await using world = await openWorld({ agents: [lead], settings: { leaseMs: 3_000 } });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  world.worker.crash();
  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject(), 10_000)).toEqual(["remembered", 1]);
  expect((await again?.status())?.resumed).toBe(0);
});

it("delivers nothing of a runtime that stood still until others had its shards", async () => {
  const heard: string[] = [];
  const passed = gate();
  const bob = script("bob", ({ body }) => void heard.push(String(body)));
  const lead = script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    const to = spawned(self.spawn(bob, "bob"));
    await self.sleep(10);
    await passed.passed;
    self.tell(to, "note", "hello");
    await self.sleep(HOUR_MS);
  });
  await using world = await openWorld({ agents: [lead, bob], settings: { leaseMs: 3_000 } });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  world.worker.freeze();
  const other = await world.start();
  await world.clock.advance(10_000);
  passed.open();
  await world.clock.advance(1_000);
  world.worker.thaw();
  await world.clock.advance(10_000);

  expect(heard).toEqual(["hello"]);
  expect(eventsOf(world.worker.events, "message_appended").filter(({ kind }) => kind === "note")).toEqual([]);
  expect(eventsOf(world.worker.events, "shard_lost").length).toBeGreaterThan(0);
  const log = await world.store.history(run.id, 10);
  expect(log.map(({ kind }) => kind)).toEqual(["start", "note"]);
  void other;
});

it("keeps its lease while it gives shards back whose turns take their time", async () => {
  const stuck = gate();
  const lead = script("lead", async (_message, self) => {
    await stuck.passed;
    self.finish("done");
  });
  await using world = await openWorld({ agents: [lead], shards: 4, settings: { leaseMs: 3_000, graceMs: 6_000 } });
  const runs = [];
  for (let count = 0; count < 12; count++) runs.push(await world.worker.runtime.submit(lead, null));
  await world.clock.advance(100);

  await world.start();
  await world.clock.advance(5_000);
  stuck.open();
  await world.clock.advance(5_000);

  expect(eventsOf(world.worker.events, "shard_lost").filter(({ why }) => why !== "released")).toEqual([]);
  for (const run of runs) expect(await world.until(run.result())).toBe("done");
});

it("joins again for as long as the store is away, and leaves nothing behind for each try", async () => {
  await using world = await openWorld({ agents: [idler("lead")], settings: { leaseMs: 3_000 } });
  const before = world.clock.pending;

  world.worker.faults.down();
  await world.clock.advance(60_000);
  const pending = world.clock.pending;
  world.worker.faults.up();
  await world.clock.advance(5_000);

  expect(pending).toBeLessThanOrEqual(before + 1);
  expect(world.clock.pending).toBe(before);
  expect(shardsOf(world.worker)).toHaveLength(4);
});

it("says once that the store is away, and once more when it is away again", async () => {
  await using world = await openWorld({ agents: [] });
  const { faults, troubles } = world.worker;

  faults.down();
  await world.clock.advance(30_000);
  const first = troubles.length;
  faults.up();
  await world.clock.advance(30_000);
  faults.down();
  await world.clock.advance(3_000);

  expect(first).toBe(1);
  expect(troubles).toHaveLength(2);
});

it("says once that it has gained a shard, though it cannot read at first what is to be done there", async () => {
  await using world = await openWorld({ agents: [], shards: 4 });
  const other = await world.start();
  await world.clock.advance(5_000);
  other.events.length = 0;

  other.faults.down("due");
  world.worker.crash();
  await world.clock.advance(30_000);
  other.faults.up("due");
  await world.clock.advance(10_000);

  expect(eventsOf(other.events, "shard_gained").map(({ shard }) => shard)).toHaveLength(2);
});
