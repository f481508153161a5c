import type { Refusal } from "@troupe/core";
import { expect, it } from "vitest";
import { gate, script, spawned } from "./script.ts";
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

it("hears the answer it had heard when its turn is tried again, though the answerer is asking back by now", async () => {
  const bob = script("bob", async (message, self) => {
    if (message.kind === "question") self.reply(message, "yes");
    else {
      const answer = await self.ask(self.admin, "question", "and you?");
      self.tell(self.admin, "note", answer);
    }
  });
  const tries: unknown[] = [];
  const lead = script("lead", async (message, self) => {
    if (message.kind === "question") return void self.reply(message, "fine");
    if (message.kind === "note") return self.finish([tries, message.body]);
    const to = spawned(self.spawn(bob, "bob"));
    const answer = await self.ask(to, "question", "ready?");
    self.tell(to, "note", "go on");
    await self.sleep(1_000);
    tries.push(answer.accepted ? answer.reply : answer);
    if (tries.length === 1) throw new Error("after the answer");
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toMatchObject([["yes", "yes"], { accepted: true, reply: "fine" }]);
});

it("refuses a circle of two with the names of both, and the one that waits gets its answer", async () => {
  const bob = script("bob", async (message, self) => {
    const answer = await self.ask(self.admin, "question", "what do you say?");
    self.reply(message, answer);
  });
  const lead = script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    const answer = await self.ask(spawned(self.spawn(bob, "bob")), "question", "what do you say?");
    self.finish(answer);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);
  const { reply } = (await world.until(run.result())) as { reply: Refusal };

  const names = [`bob@${run.id}`, `lead@${run.id}`, `bob@${run.id}`];
  expect(reply).toMatchObject({ accepted: false, reason: "circle", circle: names });
  expect(reply.message).toContain(names.join(" → "));
});

it("keeps the answer that came first, also where both are read from the store", async () => {
  const bob = script("bob", (message, self) => {
    self.reply(message, "first");
    self.reply(message, "second");
  });
  const answered = gate();
  const lead = script("lead", async (_message, self) => {
    const asked = self.ask(spawned(self.spawn(bob, "bob")), "question", null);
    const answer = await asked;
    await answered.passed;
    self.finish(answer.accepted ? answer.reply : answer.reason);
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  world.worker.crash();
  answered.open();
  const other = await world.start();

  const again = await other.runtime.run(run.id);
  expect(await world.until(again?.result() ?? Promise.reject())).toBe("first");
});
