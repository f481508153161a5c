import { expect, it } from "vitest";
import { idler, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

const HOUR_MS = 3_600_000;

it("tries a failed turn again at its time, though the worker died as soon as the failure was durable", async () => {
  const lead = script(
    "lead",
    (_message, self) => {
      if (self.attempt === 1) throw new Error("once");
      self.finish("done");
    },
    { retry: { baseMs: 1_000 } },
  );
  await using world = await openWorld({ agents: [lead] });
  const { runtime, faults } = world.worker;
  const { commit } = world.store;
  world.store.commit = async (batch) => {
    const outcome = await commit(batch);
    if (batch.turns.some((turn) => turn.outcome === "failed")) world.worker.crash();
    return outcome;
  };
  const run = await runtime.submit(lead, null);
  await world.clock.advance(100);
  expect(faults.calls.some(({ method }) => method === "commit")).toBe(true);

  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject(), 60_000)).toBe("done");
});

it("reads a group with a parked turn from the store when it is due, and not again and again before", async () => {
  const bob = script("bob", () => undefined);
  const lead = script("lead", async (_message, self) => {
    await self.sleep(10);
    await self.ask(spawned(self.spawn(bob, "bob")), "question", null, { deadlineMs: HOUR_MS });
    self.finish("over");
  });
  await using world = await openWorld({ agents: [lead, bob], settings: { idleMs: 1_000 } });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(HOUR_MS - 10_000);

  const loads = world.worker.faults.calls.filter(({ method }) => method === "loadChannels").length;
  const result = world.until(run.result(), 60_000);

  expect(loads).toBeLessThan(5);
  expect(await result).toBe("over");
});

it("goes on with a turn that a cap of the whole run refused at the commit", async () => {
  const kid = idler("kid");
  const lead = script("lead", (_message, self) => {
    const spawn = self.spawn(kid, "kid");
    self.finish(spawn.accepted ? "spawned" : spawn.reason);
  });
  await using world = await openWorld({ agents: [lead, kid] });
  const { commit, loadRuns } = world.store;
  let refusals = 0;
  world.store.commit = async (batch) => {
    const [charge] = batch.charges;
    if (charge === undefined || charge.actors === 0 || refusals++ > 0) return commit(batch);
    return { outcome: "over_limit", runs: [{ run: charge.run, limit: "actors" }] };
  };
  world.store.loadRuns = async (ids) => {
    const rows = await loadRuns(ids);
    return refusals === 0 ? rows : rows.map((row) => ({ ...row, spent: { ...row.spent, actorsLiving: 5 } }));
  };

  const run = await world.worker.runtime.submit(lead, null, { limits: { actors: 5 } });

  expect(await world.until(run.result(), 60_000)).toBe("limit_actors");
});

it("goes on with a turn that a cap refused, though the account cannot be read just then", async () => {
  const kid = idler("kid");
  const lead = script("lead", (_message, self) => {
    self.spawn(kid, "kid");
    self.finish("done");
  });
  await using world = await openWorld({ agents: [lead, kid] });
  const { commit } = world.store;
  let refusals = 0;
  world.store.commit = async (batch) => {
    const [charge] = batch.charges;
    if (charge === undefined || charge.actors === 0 || refusals++ > 0) return commit(batch);
    world.worker.faults.next("loadRuns", "unavailable");
    return { outcome: "over_limit", runs: [{ run: charge.run, limit: "actors" }] };
  };

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result(), 60_000)).toBe("done");
});

it("does again what left with a part of the turn that the store refused, though the turn had failed meanwhile", async () => {
  const bob = script("bob", (message, self) => void self.reply(message, "here"));
  const lead = script("lead", async (_message, self) => {
    const asked = self.ask(spawned(self.spawn(bob, "bob")), "question", null, { deadlineMs: 1_000 });
    await Promise.resolve();
    await Promise.resolve();
    if (self.attempt === 1 && refusals === 0) throw new Error("beside the question");
    const answer = await asked;
    self.finish(answer.accepted ? answer.reply : answer.reason);
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const { commit } = world.store;
  let refusals = 0;
  world.store.commit = async (batch) => {
    const [charge] = batch.charges;
    if (charge === undefined || charge.actors === 0 || refusals++ > 0) return commit(batch);
    return { outcome: "over_limit", runs: [{ run: charge.run, limit: "actors" }] };
  };

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe("here");
  expect(refusals).toBeGreaterThan(0);
});

it("gives the place of a turn that was taken away to whoever waits for one", async () => {
  const stuck = script("stuck", () => new Promise(() => undefined));
  const lead = script("lead", (_message, self) => self.finish("had its turn"));
  await using world = await openWorld({ agents: [stuck, lead], settings: { turns: 1, turnMs: HOUR_MS } });
  const { runtime } = world.worker;
  const first = await runtime.submit(stuck, null);
  await world.clock.advance(100);
  const second = await runtime.submit(lead, null);
  await world.clock.advance(100);
  expect((await second.status()).status).toBe("running");

  await first.cancel();

  expect(await world.until(second.result(), 5_000)).toBe("had its turn");
});

it("starts the turns that a refused write has kept waiting", async () => {
  const gone = script("gone", async (_message, self) => {
    await self.step("wait", () => new Promise<void>((resolve) => world.clock.after(50, resolve)));
  });
  const lead = script("lead", (_message, self) => self.finish("had its turn"));
  await using world = await openWorld({ agents: [gone, lead], settings: { settled: 1, commitWrites: 1 } });
  const { runtime, faults } = world.worker;
  const first = await runtime.submit(gone, null);
  await world.clock.advance(20);
  const admission = faults.hold("commit");
  const second = await runtime.submit(lead, null);
  await world.clock.advance(100);
  // Nobody tells the worker: it finds out when it commits what the first run's turn has done, after the second's mail.
  await world.store.endRun(first.id, { status: "cancelled", result: null, error: null });
  admission.release();

  expect(await world.until(second.result(), 5_000)).toBe("had its turn");
});
