import { faultPlan, faultyStore } from "@troupe/testing";
import { expect, it } from "vitest";
import { RunBook } from "../src/worker/run-book.ts";
import { idler } from "./script.ts";
import { openWorld } from "./world.ts";

it("lets no account go that somebody has asked for, while another one is read", async () => {
  const lead = idler("lead");
  await using world = await openWorld({ agents: [lead] });
  const [one, other] = [await world.worker.runtime.submit(lead, 1), await world.worker.runtime.submit(lead, 2)];
  const faults = faultPlan();
  const failed = (error: unknown) => expect.fail(String(error));
  const book = new RunBook({
    store: faultyStore(world.store, faults),
    clock: world.clock,
    endRun: () => undefined,
    failed,
  });
  await book.ledgers([one.id]);

  const reading = faults.hold("loadRuns");
  const both = book.ledgers([one.id, other.id]);
  await reading.arrived;
  book.retain(new Set());
  reading.release();

  expect([...(await both).keys()].sort()).toEqual([one.id, other.id].sort());
  book.retain(new Set());
  expect(book.find(one.id)).toBeUndefined();
});
