import { expect, it } from "vitest";
import { gate, script } from "./script.ts";
import { openWorld } from "./world.ts";

it("finishes the turns under way before it closes, and leaves no timer behind", async () => {
  const stuck = gate();
  const lead = script("lead", async (_message, self) => {
    await stuck.passed;
    self.finish("in time");
  });
  await using world = await openWorld({ agents: [lead] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  const closed = world.worker.runtime.close().then(() => world.clock.pending);
  await world.clock.advance(1_000);
  stuck.open();
  const left = await world.until(closed);

  expect(await run.status()).toMatchObject({ status: "finished" });
  expect(left).toBe(0);
});

it("waits no longer than the grace for a turn, which the next runtime takes again", async () => {
  const tries: number[] = [];
  const lead = script("lead", (_message, self) => {
    tries.push(self.attempt);
    if (tries.length === 1) return new Promise<void>(() => undefined);
    return self.finish("the second time");
  });
  await using world = await openWorld({ agents: [lead], settings: { graceMs: 2_000 } });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);
  const begun = world.clock.monotonic();

  await world.worker.close();
  const took = world.clock.monotonic() - begun;
  const pending = world.clock.pending;
  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(took).toBeGreaterThanOrEqual(2_000);
  expect(took).toBeLessThan(5_000);
  expect(pending).toBe(0);
  expect(await world.until(again?.result() ?? Promise.reject())).toBe("the second time");
});

it("closes with parked turns at once; they go on where they are opened again", async () => {
  const lead = script("lead", async (_message, self) => {
    await self.sleep(10_000);
    self.finish("awake");
  });
  await using world = await openWorld({ agents: [lead] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);
  const begun = world.clock.monotonic();

  await world.worker.close();
  const took = world.clock.monotonic() - begun;
  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(took).toBeLessThan(1_000);
  expect(await world.until(again?.result() ?? Promise.reject())).toBe("awake");
});

it("closes though a commit waits for a store that is away, and leaves no timer behind", async () => {
  const stuck = gate();
  const lead = script("lead", async (_message, self) => {
    await stuck.passed;
    self.finish("nobody hears of it");
  });
  await using world = await openWorld({ agents: [lead], settings: { graceMs: 2_000 } });
  await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);
  world.worker.faults.down();
  stuck.open();
  await world.clock.advance(3_000);
  const begun = world.clock.monotonic();

  const left = await world.until(world.worker.runtime.close().then(() => world.clock.pending));

  expect(world.clock.monotonic() - begun).toBeLessThan(10_000);
  expect(left).toBe(0);
});

it("may be closed twice at once, and both are closed when it is", async () => {
  const stuck = gate();
  const lead = script("lead", async (_message, self) => {
    await stuck.passed;
    self.finish();
  });
  await using world = await openWorld({ agents: [lead] });
  await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  let second = false;
  const closed = world.worker.runtime.close();
  const again = world.worker.runtime.close().then(() => {
    second = true;
  });
  await world.clock.advance(1_000);
  const tooEarly = second;
  stuck.open();
  await world.until(Promise.all([closed, again]));

  expect(tooEarly).toBe(false);
});
