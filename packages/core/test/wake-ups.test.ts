import { expect, it } from "vitest";
import { script } from "./script.ts";
import { openWorld } from "./world.ts";

it("tries a failed turn again at its time, though the worker died as soon as the failure was durable", async () => {
  const lead = script(
    "lead",
    (_message, self) => {
      if (self.attempt === 1) throw new Error("once");
      self.finish("done");
    },
    { retry: { baseMs: 1_000 } },
  );
  await using world = await openWorld({ agents: [lead] });
  const { runtime, faults } = world.worker;
  const { commit } = world.store;
  world.store.commit = async (batch) => {
    const outcome = await commit(batch);
    if (batch.turns.some((turn) => turn.outcome === "failed")) world.worker.crash();
    return outcome;
  };
  const run = await runtime.submit(lead, null);
  await world.clock.advance(100);
  expect(faults.calls.some(({ method }) => method === "commit")).toBe(true);

  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject(), 60_000)).toBe("done");
});
