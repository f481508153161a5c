import { expect, it } from "vitest";
import { script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

it("sends a question of an attempt that failed at once with the next attempt", async () => {
  const bob = script("bob", (message, self) => void self.reply(message, "yes"));
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(bob, "bob"));
    const asked = self.ask(to, "question", "ready?");
    if (self.attempt === 1) throw new Error("at once");
    const answer = await asked;
    self.finish(answer.accepted ? answer.reply : answer.reason);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe("yes");
});
