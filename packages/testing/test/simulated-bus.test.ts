import type { Doorbell } from "@troupe/core";
import { GOOD_AIRWAVES, seededRandom, simulatedBus, simulatedClock } from "@troupe/testing";
import { expect, it } from "vitest";

const BELL: Doorbell = { about: "shard", shard: 1 };

function twoProcesses(airwaves: Partial<typeof GOOD_AIRWAVES>) {
  const clock = simulatedClock();
  const bus = simulatedBus({ clock, random: seededRandom(1), airwaves: { ...GOOD_AIRWAVES, ...airwaves } });
  const [ann, bob] = [bus.connect(), bus.connect()];
  const heard: Doorbell[] = [];
  bob.listen((bell) => heard.push(bell));
  return { clock, ann, bob, heard };
}

it("carries a ring to every process, and never before it has been rung", async () => {
  const { clock, ann, heard } = twoProcesses({});

  ann.ring([BELL]);
  const atOnce = heard.length;
  await clock.advance(10);

  expect(atOnce).toBe(0);
  expect(heard).toEqual([BELL]);
});

it("loses, doubles and reorders rings as it was told", async () => {
  const lost = twoProcesses({ lost: 1 });
  const doubled = twoProcesses({ doubled: 0.9 });
  const mixed = twoProcesses({ maxMs: 100 });

  lost.ann.ring([BELL]);
  doubled.ann.ring([BELL]);
  const bells = Array.from({ length: 20 }, (_, shard): Doorbell => ({ about: "shard", shard }));
  mixed.ann.ring(bells);
  for (const { clock } of [lost, doubled, mixed]) await clock.advance(200);

  expect(lost.heard).toEqual([]);
  expect(doubled.heard.length).toBeGreaterThan(1);
  expect(mixed.heard).toHaveLength(20);
  expect(mixed.heard).not.toEqual(bells);
});

it("rings at nobody who has stopped listening or has closed", async () => {
  const { clock, ann, bob, heard } = twoProcesses({});
  ann.ring([BELL]);

  await bob.close();
  await clock.advance(10);

  expect(heard).toEqual([]);
});
