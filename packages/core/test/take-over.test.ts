import { expect, it } from "vitest";
import { script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

const HOUR_MS = 3_600_000;

it("does not blame a parked turn for the workers that came and went, nor run it again for each", async () => {
  let begun = 0;
  const slow = script("slow", async (message, self) => {
    await self.sleep(HOUR_MS);
    self.reply(message, "at last");
  });
  // Brings the group to memory wherever it goes.
  const ticker = script("ticker", async (_message, self) => {
    await self.sleep(500);
    if (world.clock.monotonic() < 60_000) self.tell(self.address, "note", null);
  });
  const lead = script("lead", async (_message, self) => {
    begun += 1;
    self.tell(spawned(self.spawn(ticker, "ticker")), "note", null);
    await self.sleep(10);
    const answer = await self.ask(spawned(self.spawn(slow, "slow")), "question", null, { deadlineMs: 2 * HOUR_MS });
    self.finish(answer.accepted ? answer.reply : answer.message);
  });
  await using world = await openWorld({ agents: [lead, slow, ticker], settings: { crashes: 2, leaseMs: 1_000 } });
  const run = await world.worker.runtime.submit(lead, null);
  let { worker } = world;
  for (let count = 0; count < 6; count++) {
    await world.clock.advance(3_000);
    if (count % 2 === 0) await worker.close();
    else worker.crash();
    worker = await world.start();
  }

  const again = await worker.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject(), 2 * HOUR_MS)).toBe("at last");
  expect(begun).toBeLessThanOrEqual(3);
});
