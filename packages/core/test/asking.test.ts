import type { Refusal } from "@troupe/core";
import { expect, it } from "vitest";
import { gate, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

const HOUR_MS = 3_600_000;

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

it("refuses to wait for itself, and a circle of three with the names of all", async () => {
  const circles: unknown[] = [];
  const link = script("link", async (message, self) => {
    if (message.kind !== "question") return;
    const next = self.name === "a" ? "b" : "lead";
    const answer = await self.ask(`${next}@${self.group}`, "question", null, { deadlineMs: HOUR_MS });
    if (!answer.accepted) circles.push(answer.circle);
    self.reply(message, null);
  });
  const lead = script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    const own = await self.ask(self.address, "question", null);
    if (!own.accepted) circles.push(own.circle);
    for (const name of ["a", "b"]) self.spawn(link, name);
    self.finish(await self.ask(`a@${self.group}`, "question", null));
  });
  await using world = await openWorld({ agents: [lead, link] });

  const run = await world.worker.runtime.submit(lead, null);
  await world.until(run.result(), 10_000);

  const at = (name: string): string => `${name}@${run.id}`;
  expect(circles).toEqual([
    [at("lead"), at("lead")],
    [at("b"), at("lead"), at("a"), at("b")],
  ]);
});

it("asks several side by side, and goes on when all have answered or are over their time", async () => {
  const slow = script("slow", async (message, self) => {
    await self.sleep(message.body as number);
    self.reply(message, self.name);
  });
  const lead = script("lead", async (_message, self) => {
    const names = ["one", "two", "three"];
    const at = names.map((name) => spawned(self.spawn(slow, name)));
    const answers = at.map((to, place) => self.ask(to, "question", (place + 1) * 1_000, { deadlineMs: 2_500 }));
    self.finish((await Promise.all(answers)).map((answer) => (answer.accepted ? answer.reply : answer.reason)));
  });
  await using world = await openWorld({ agents: [lead, slow] });
  const begun = world.clock.monotonic();

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toEqual(["one", "two", "timeout"]);
  expect(world.clock.monotonic() - begun).toBeLessThan(4_000);
});

it("ignores a reply that comes after the deadline, and remembers that it was over through a crash", async () => {
  const slow = script("slow", async (message, self) => {
    await self.sleep(2_000);
    self.reply(message, "too late");
  });
  const seen: unknown[] = [];
  const lead = script("lead", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawn(slow, "slow")), "question", null, { deadlineMs: 1_000 });
    seen.push(answer.accepted ? answer.reply : answer.reason);
    await self.sleep(10_000);
    self.finish(answer.accepted ? answer.reply : answer.reason);
  });
  await using world = await openWorld({ agents: [lead, slow] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(5_000);

  world.worker.crash();
  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject())).toBe("timeout");
  expect(new Set(seen)).toEqual(new Set(["timeout"]));
  expect(await world.store.deadLetters(run.id, 10)).toEqual([]);
});

it("hears a reply that came while the asker's worker was dead, and asks nobody twice", async () => {
  let asked = 0;
  const slow = script("slow", async (message, self) => {
    asked += 1;
    await self.sleep(20_000);
    self.reply(message, "at last");
  });
  const lead = script("lead", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawn(slow, "slow")), "question", null);
    self.finish(answer.accepted ? answer.reply : answer.reason);
  });
  await using world = await openWorld({ agents: [lead, slow] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  world.worker.crash();
  const other = await world.start();
  await world.clock.advance(15_000);
  const loaded = asked;
  const again = await other.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject())).toBe("at last");
  // The one that slept was begun, and replayed once it was due; it got the one question.
  expect(loaded).toBe(1);
  expect((await world.store.history(run.id, 10)).filter(({ headers }) => headers?.ask !== undefined)).toHaveLength(1);
});

it("lets an asker wait no longer than its deadline, though its worker died and nothing else happens", async () => {
  const silent = script("silent", () => undefined);
  const lead = script("lead", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawn(silent, "silent")), "question", null, { deadlineMs: 60_000 });
    self.finish(answer.accepted || answer.reason);
  });
  await using world = await openWorld({ agents: [lead, silent] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  world.worker.crash();
  const other = await world.start();
  const again = await other.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject(), 70_000)).toBe("timeout");
});

it("buries a question that nobody waits for any more, instead of handling it", async () => {
  const handled: unknown[] = [];
  const busy = script("busy", async (message, self) => {
    handled.push(message.body);
    if (message.body === "first") await self.sleep(10_000);
  });
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(busy, "busy"));
    self.tell(to, "note", "first");
    const answer = await self.ask(to, "question", "second", { deadlineMs: 1_000 });
    self.tell(to, "note", "third");
    await self.sleep(20_000);
    self.finish(answer.accepted || answer.reason);
  });
  await using world = await openWorld({ agents: [lead, busy] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe("timeout");
  expect(handled.filter((body, place) => handled.indexOf(body) === place)).toEqual(["first", "third"]);
  expect(await world.store.deadLetters(run.id, 10)).toMatchObject([{ reason: "expired", kind: "question" }]);
});

it("fails a replay that does something else before its question than it did before", async () => {
  let tries = 0;
  const silent = script("silent", () => undefined);
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(silent, "silent"));
    self.tell(to, "note", ++tries);
    if (tries > 1) self.tell(`lead@${self.group}`, "note", "something else");
    await self.ask(to, "question", null, { deadlineMs: 1_000 });
    throw new Error("try it again");
  });
  await using world = await openWorld({ agents: [lead, silent] });

  const run = await world.worker.runtime.submit(lead, null);

  await expect(world.until(run.result())).rejects.toMatchObject({ detail: expect.stringContaining("replay_diverged") });
});
