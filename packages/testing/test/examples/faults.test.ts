import { agent, memoryStore, startRuntime } from "@troupe/core";
import { faultPlan, faultyStore, probe, simulatedClock } from "@troupe/testing";
import { expect, it } from "vitest";
import { z } from "zod";

it("delivers once, though the store's answer to a commit was lost", async () => {
  const clock = simulatedClock();
  const bob = probe("bob", { on: { hello: z.string() } });
  const lead = agent("lead", {
    state: null,
    on: { start: z.string() },
    turn(message, self) {
      const spawned = self.spawn(bob, "bob");
      if (spawned.accepted) self.tell(spawned.address, "hello", message.body);
    },
  });
  const faults = faultPlan();
  const store = faultyStore(memoryStore({ clock }), faults);
  const runtime = await startRuntime({ store, clock, agents: [lead, bob] });

  const held = faults.hold("commit");
  faults.next("commit", "answer_lost");
  await runtime.submit(lead, "hi");
  await clock.advance(100);
  await held.arrived;
  expect(bob.received).toEqual([]);
  held.release();
  await clock.advance(60_000);

  expect(bob.received.map(({ body }) => body)).toEqual(["hi"]);
  const closed = runtime.close();
  await clock.advance(10_000);
  await closed;
});
