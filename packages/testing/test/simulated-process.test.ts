import { localBus, memoryStore } from "@troupe/core";
import { simulatedClock, simulatedProcess } from "@troupe/testing";
import { expect, it } from "vitest";

function makeProcess() {
  const clock = simulatedClock();
  const store = memoryStore({ clock });
  const process = simulatedProcess({ clock, store, bus: localBus({ clock }) });
  return { clock, store, process };
}

it("runs no callback and hears no answer once it is dead", async () => {
  const { clock, process } = makeProcess();
  const seen: string[] = [];
  process.clock.after(10, () => seen.push("timer"));
  void process.store.listRuns(1).then(() => seen.push("answer"));
  process.bus.listen(() => seen.push("bell"));

  process.kill();
  process.bus.ring([{ about: "shard", shard: 1 }]);
  await clock.advance(100);

  expect(seen).toEqual([]);
  expect(process.isDead).toBe(true);
});

it("hears when it goes on what it would have heard while it stood still, and time has passed", async () => {
  const { clock, process } = makeProcess();
  const seen: unknown[] = [];
  process.clock.after(10, () => seen.push(process.clock.monotonic()));
  void process.store.listRuns(1).then((runs) => seen.push(runs));

  process.freeze();
  await clock.advance(100);
  expect(seen).toEqual([]);
  process.thaw();
  await clock.settle();

  expect(seen).toEqual([[], 100]);
});

it("stops in the middle of what it does: what it sends after that never leaves", async () => {
  const { clock, store, process } = makeProcess();
  const join = (worker: string) => void process.store.join(worker, "v1", 1_000);
  process.clock.after(1, () => {
    for (const worker of ["ann", "bob", "cay"]) join(worker);
  });

  process.atUse(4, process.kill);
  await clock.advance(10);

  const known = await Promise.all(["ann", "bob", "cay"].map((worker) => store.renew(worker, 1_000)));
  expect(known.map((heartbeat) => heartbeat !== undefined)).toEqual([true, true, false]);
});

it("has a wall clock of its own", () => {
  const { clock, process } = makeProcess();

  process.jump(5_000);

  expect(process.clock.now() - clock.now()).toBe(5_000);
  expect(process.clock.monotonic()).toBe(clock.monotonic());
});
