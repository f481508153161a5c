import { agent, memoryStore, startRuntime } from "@troupe/core";
import { probe, simulatedClock } from "@troupe/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";

describe("a probe", () => {
  it("hands out each message once, those that came and those to come, and answers as it is told", async () => {
    const clock = simulatedClock();
    let failures = 1;
    const bob = probe("bob", {
      on: { hello: z.number() },
      turn() {
        if (failures-- > 0) throw new Error("once");
      },
    });
    const lead = agent("lead", {
      state: null,
      on: { start: z.number() },
      turn(message, self) {
        const spawned = self.spawn(bob, "bob");
        if (!spawned.accepted) return;
        for (let i = 1; i <= message.body; i++) self.tell(spawned.address, "hello", i);
      },
    });
    const runtime = await startRuntime({ store: memoryStore({ clock }), clock, agents: [lead, bob] });
    const first = bob.take();

    await runtime.submit(lead, 3);
    await clock.advance(60_000);

    expect((await first).body).toBe(1);
    expect([await bob.take(), await bob.take()].map(({ body }) => body)).toEqual([2, 3]);
    expect(bob.received.map(({ body }) => body)).toEqual([1, 2, 3]);
    const closed = runtime.close();
    await clock.advance(10_000);
    await closed;
  });
});
