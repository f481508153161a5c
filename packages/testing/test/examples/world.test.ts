import { agent, memoryStore, startRuntime } from "@troupe/core";
import {
  GOOD_AIRWAVES,
  GOOD_LINE,
  networkStore,
  seededRandom,
  simulatedBus,
  simulatedClock,
  simulatedProcess,
} from "@troupe/testing";
import { expect, it } from "vitest";
import { z } from "zod";

const lead = agent("lead", {
  on: { start: z.number() },
  async turn(message, self) {
    await self.sleep(1_000);
    self.finish(message.body * 2);
  },
});

it("finishes what a worker had begun that was killed, through a line that loses one call in ten", async () => {
  const clock = simulatedClock();
  const random = seededRandom(7);
  const far = memoryStore({ clock });
  const bus = simulatedBus({ clock, random, airwaves: { ...GOOD_AIRWAVES, lost: 0.5 } });
  const line = { ...GOOD_LINE, lost: 0.05, answerLost: 0.05 };
  const start = async () => {
    const store = networkStore(far, { clock, random, line });
    const process = simulatedProcess({ clock, store, bus: bus.connect() });
    const runtime = startRuntime({ ...process, random, agents: [lead], settings: { leaseMs: 2_000 } });
    await clock.advance(5_000);
    return { process, runtime: await runtime };
  };
  const first = await start();
  const submitted = first.runtime.submit(lead, 21, { key: "answer" });
  await clock.advance(1_000);
  await submitted;

  first.process.kill();
  const second = await start();
  const run = second.runtime.submit(lead, 21, { key: "answer" });
  await clock.advance(30_000);

  expect((await run).created).toBe(false);
  const result = (await run).result();
  await clock.advance(5_000);
  expect(await result).toBe(42);
});
