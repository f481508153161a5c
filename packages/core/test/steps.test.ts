import { expect, it } from "vitest";
import { gate, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

it("does not give the steps of a question that nobody needs any more to the message after it", async () => {
  const done: unknown[] = [];
  const stuck = gate();
  const bob = script("bob", async (message, self) => {
    done.push(await self.step("work", () => message.body));
    if (done.length === 1) await stuck.passed;
    self.tell(self.admin, "note", "done");
  });
  const lead = script("lead", async (message, self) => {
    if (message.kind === "note") return self.finish(done);
    const to = spawned(self.spawn(bob, "bob"));
    await self.ask(to, "question", "the question", { deadlineMs: 3_000 });
    self.tell(to, "note", "the next");
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(2_000);

  world.worker.crash();
  const other = await world.start();

  const again = await other.runtime.run(run.id);
  expect(await world.until(again?.result() ?? Promise.reject())).toEqual(["the question", "the next"]);
});

it("begins an effect only when the results before it are durable, a sleep that is over between them or not", async () => {
  const lead = script("lead", async (_message, self) => {
    await self.step("first", () => 1);
    await self.sleep(0);
    await self.step("second", () => {
      durable = [...applied];
    });
    self.finish();
  });
  await using world = await openWorld({ agents: [lead] });
  const applied: string[] = [];
  let durable: string[] = [];
  const { commit } = world.store;
  world.store.commit = async (batch) => {
    const outcome = await commit(batch);
    applied.push(...batch.steps.map(({ key }) => key));
    return outcome;
  };

  const run = await world.worker.runtime.submit(lead, null);
  await world.until(run.result());

  expect(durable).toEqual(["step:first", "sleep:0"]);
});
