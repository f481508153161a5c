import { expect, it } from "vitest";
import { gate, idler, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

it("keeps the state of the next attempt from a turn that was given up and goes on all the same", async () => {
  const late = gate();
  const bob = script(
    "bob",
    async (_message, self) => {
      self.state.seen.push(`attempt ${self.attempt}`);
      if (self.attempt > 1) {
        await self.sleep(10_000);
        return void self.tell(self.admin, "note", self.state.seen);
      }
      await late.passed;
      self.state.seen.push("from beyond");
    },
    { turnMs: 1_000 },
  );
  const lead = script("lead", (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    self.tell(spawned(self.spawn(bob, "bob")), "note", null);
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const run = await world.worker.runtime.submit(lead, null);

  await world.clock.advance(2_500);
  late.open();

  expect(await world.until(run.result())).toEqual(["attempt 2"]);
});

it("brings no process down with verbs that nobody waits for", async () => {
  const late = gate();
  const bob = idler("bob");
  const lead = script("lead", (_message, self) => {
    void self.step("throws", () => {
      throw new Error("nobody hears this");
    });
    void self.sleep(-1);
    void late.passed.then(() => {
      void self.sleep(10);
      void self.step("late", () => 1);
      void self.ask(`bob@${self.group}`, "question", null);
      void self.history(3);
    });
    spawned(self.spawn(bob, "bob"));
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  late.open();
  await world.clock.advance(1_000);

  expect(await run.status()).toMatchObject({ status: "quiescent" });
});
