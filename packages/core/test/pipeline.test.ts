import type { Commit } from "@troupe/core";
import { expect, it } from "vitest";
import { gate, idler, script, spawned } from "./script.ts";
import { eventsOf, openWorld, type Worker } from "./world.ts";

function commitsOf({ faults }: Worker): Commit[] {
  return faults.calls.filter(({ method }) => method === "commit").map(({ args }) => args[0] as Commit);
}

/** A root with so many members, each of which gets one note and counts it. */
function crowd(size: number) {
  const heard: string[] = [];
  const member = script("member", (_message, self) => {
    heard.push(self.name);
  });
  const lead = script("lead", async (_message, self) => {
    for (let number = 0; number < size; number++) self.tell(spawned(self.spawn(member, `m${number}`)), "note", null);
    await self.sleep(60_000);
    self.finish(heard.length);
  });
  return { agents: [lead, member], lead, heard };
}

it("commits together what settled while the last commit was under way", async () => {
  const { agents, lead, heard } = crowd(40);
  await using world = await openWorld({ agents });

  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  const sizes = commitsOf(world.worker).map(({ turns }) => turns.length);
  expect(heard).toHaveLength(40);
  expect(Math.max(...sizes)).toBe(40);
  expect((await run.status()).spent.turns).toBe(40);
});

it("splits what is too much for one commit, and keeps the order", async () => {
  const { agents, lead, heard } = crowd(40);
  await using world = await openWorld({ agents, settings: { commitWrites: 7 } });

  await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  expect(heard).toHaveLength(40);
  for (const { turns } of commitsOf(world.worker)) expect(turns.length).toBeLessThanOrEqual(7);
});

for (const fault of ["unavailable", "answer_lost"] as const) {
  it(`sends the same commit again, with its number, when its outcome is unknown (${fault})`, async () => {
    const { agents, lead, heard } = crowd(5);
    await using world = await openWorld({ agents });
    for (let count = 0; count < 3; count++) world.worker.faults.next("commit", fault);

    const run = await world.worker.runtime.submit(lead, null);
    await world.clock.advance(30_000);

    const numbers = commitsOf(world.worker).map(({ number }) => number);
    expect(numbers.slice(0, 4)).toEqual([1, 1, 1, 1]);
    expect(heard).toHaveLength(5);
    expect((await run.status()).spent.turns).toBe(5);
    const log = await world.store.history(run.id, 100);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, place) => place + 1));
  });
}

it("delivers nothing of a commit that was fenced, and drops the shard from memory", async () => {
  const heard: unknown[] = [];
  const bob = script("bob", ({ body }) => void heard.push(body));
  const lead = script("lead", (_message, self) => void self.tell(spawned(self.spawn(bob, "bob")), "note", null));
  await using world = await openWorld({ agents: [lead, bob] });
  const { commit } = world.store;
  let fences = 0;
  world.store.commit = async (batch) => {
    if (batch.turns.length === 0 || fences++ > 0) return commit(batch);
    return { outcome: "fenced", shards: batch.leases.map(({ shard }) => shard) };
  };
  await world.worker.runtime.submit(lead, null);

  await world.clock.advance(10);
  const right = [heard.length, world.worker.runtime.census().groups];
  await world.clock.advance(10_000);

  expect(right).toEqual([0, 0]);
  expect(eventsOf(world.worker.events, "turn_refused")).toMatchObject([{ why: "fenced", state: "idle" }]);
  // The store still has the shard as ours: it is given back, claimed again, and the turn is taken once more.
  expect(heard).toEqual([null]);
});

it("starts no more turns than may wait while the store is away, and goes on when it is back", async () => {
  const { agents, lead, heard } = crowd(60);
  await using world = await openWorld({ agents, settings: { settled: 10, leaseMs: 600_000 } });
  const { faults } = world.worker;
  const { commit } = world.store;
  world.store.commit = async (batch) => {
    const outcome = await commit(batch);
    if (batch.spawned.length > 0) faults.down("commit");
    return outcome;
  };
  const run = await world.worker.runtime.submit(lead, null);

  await world.clock.advance(20_000);
  const begun = heard.length;
  const { backlog } = world.worker.runtime.census();
  faults.up();
  await world.clock.advance(10_000);

  expect(begun).toBeLessThan(30);
  expect(backlog).toBeLessThanOrEqual(10);
  expect(heard).toHaveLength(60);
  expect(eventsOf(world.worker.events, "store_lost")).toHaveLength(1);
  expect(eventsOf(world.worker.events, "store_back")).toHaveLength(1);
  expect(world.worker.troubles).toHaveLength(1);
  expect((await run.status()).spent.turns).toBe(60);
});

it("drops what it has of a run that the store says is over", async () => {
  const stuck = gate();
  const lead = script("lead", async (_message, self) => {
    await stuck.passed;
    self.spawn(idler("kid"), "kid");
  });
  await using world = await openWorld({ agents: [lead, idler("kid")] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  await world.store.endRun(run.id, { status: "cancelled", result: null, error: null });
  stuck.open();
  await world.clock.advance(100);

  expect(world.worker.runtime.census()).toMatchObject({ groups: 0, backlog: 0 });
  expect(eventsOf(world.worker.events, "run_ended")).toMatchObject([{ run: run.id, status: "cancelled" }]);
});
