import { agent, memoryStore, startRuntime } from "@troupe/core";
import { probe, seededRandom, simulatedClock } from "@troupe/testing";
import { expect, it } from "vitest";
import { z } from "zod";

// The agent under test spawns a reader, and reminds it after an hour. A probe stands in for the reader.
const reader = probe("reader", { on: { read: z.string(), remind: z.string() } });
const lead = agent("lead", {
  state: null,
  on: { start: z.string() },
  async turn(message, self) {
    const spawned = self.spawn(reader, "reader");
    if (!spawned.accepted) return;
    self.tell(spawned.address, "read", message.body);
    await self.sleep(3_600_000);
    self.tell(spawned.address, "remind", message.body);
  },
});

it("reminds the reader after an hour", async () => {
  const clock = simulatedClock();
  const store = memoryStore({ clock });
  const runtime = await startRuntime({ store, clock, random: seededRandom(1), agents: [lead, reader] });

  await runtime.submit(lead, "a.txt");
  await clock.advance(1_000);
  expect(reader.received.map(({ kind, body }) => [kind, body])).toEqual([["read", "a.txt"]]);
  await clock.advance(3_600_000);

  expect(reader.received.map(({ kind }) => kind)).toEqual(["read", "remind"]);
  const closed = runtime.close();
  await clock.advance(10_000);
  await closed;
});
