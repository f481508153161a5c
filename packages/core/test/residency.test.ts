import { faultPlan, faultyStore } from "@troupe/testing";
import { expect, it } from "vitest";
import { Registry } from "../src/registry.ts";
import { WaitGraph } from "../src/supervisor/wait-graph.ts";
import { Residency } from "../src/worker/residency.ts";
import { RunBook } from "../src/worker/run-book.ts";
import { script } from "./script.ts";
import { openWorld } from "./world.ts";

it("reads a group once more whose shard was lost and gained while it was read", async () => {
  const lead = script("lead", (_message, self) => self.sleep(3_600_000));
  await using world = await openWorld({ agents: [lead] });
  const run = await world.worker.runtime.submit(lead, null);
  const faults = faultPlan();
  const store = faultyStore(world.store, faults);
  const { clock } = world;
  const book = new RunBook({ store, clock, endRun: () => undefined, failed: (error) => expect.fail(String(error)) });
  let epoch = 1;
  const residency = new Residency({
    store,
    clock,
    registry: new Registry([lead]),
    waits: new WaitGraph(),
    epoch: () => epoch,
    ledgers: (runs) => book.ledgers(runs),
    ready: () => undefined,
    waiting: () => undefined,
    stray: () => undefined,
  });

  const reading = faults.hold("loadChannels");
  const before = residency.load(run.id);
  await clock.settle();
  await reading.arrived;
  epoch = 2;
  const after = residency.load(run.id);
  reading.release();
  await clock.settle();

  expect((await after)?.id).toBe(run.id);
  expect(await before).toBe(await after);
  expect(faults.calls.filter(({ method }) => method === "loadChannels")).toHaveLength(2);
});
