import { agent } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { idler, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

it("delivers what a turn tells once it has committed, in order, and nothing of a turn that failed", async () => {
  const bob = script("bob", (message, self) => {
    self.state.seen.push([message.body, message.from, message.broadcast]);
    if (message.body === "last") self.tell(self.admin, "note", self.state.seen);
  });
  const lead = script("lead", (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    const to = spawned(self.spawn(bob, "bob"));
    if (self.attempt === 1) {
      self.tell(to, "note", "of a turn that failed");
      throw new Error("no");
    }
    for (const body of ["first", "last"]) self.tell(to, "note", body);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  const from = `lead@${run.id}`;
  expect(await world.until(run.result())).toEqual([
    ["first", from, false],
    ["last", from, false],
  ]);
});

it("says something to everyone in the group that takes the kind, but to the one that says it and to those who stopped", async () => {
  const heard: string[] = [];
  const hearer = agent("hearer", {
    state: null,
    on: { news: z.string(), stop: z.null() },
    turn(message, self) {
      if (message.kind === "stop") return self.finish();
      heard.push(`${self.name} ${message.body} ${message.broadcast}`);
    },
  });
  const lead = agent("lead", {
    state: null,
    on: { start: z.unknown(), news: z.string() },
    async turn(message, self) {
      if (message.kind === "news") return void heard.push("lead");
      for (const name of ["a", "b", "c"]) self.spawn(hearer, name);
      self.spawn(idler("deaf"), "deaf");
      self.tell(`c@${self.group}`, "stop", null);
      await self.sleep(100);
      self.say("news", "hello");
    },
  });
  await using world = await openWorld({ agents: [lead, hearer, idler("deaf")] });
  const run = await world.worker.runtime.submit(lead, null);

  await world.clock.advance(1_000);

  expect(heard.sort()).toEqual(["a hello true", "b hello true"]);
  expect(await world.store.deadLetters(run.id, 10)).toEqual([]);
});

it("refuses to say what one of the hearers does not take in this shape", async () => {
  const strict = agent("strict", { state: null, on: { news: z.object({ page: z.number() }) }, turn: () => undefined });
  const loose = agent("loose", { state: null, on: { news: z.unknown() }, turn: () => undefined });
  const told: unknown[] = [];
  const lead = script("lead", async (_message, self) => {
    self.spawn(loose, "loose");
    self.spawn(strict, "strict");
    await self.sleep(1);
    told.push(self.say("news", "front page"), self.say("news", { page: 1 }));
    self.finish();
  });
  await using world = await openWorld({ agents: [lead, strict, loose] });

  await world.until((await world.worker.runtime.submit(lead, null)).result());

  expect(told).toMatchObject([
    { accepted: false, reason: "body_invalid", message: expect.stringContaining("strict") },
    { accepted: true },
  ]);
});

it("reads the newest messages of its group, oldest first", async () => {
  const lead = script("lead", async (message, self) => {
    if (message.kind === "start") for (let number = 1; number <= 5; number++) self.tell(self.address, "note", number);
    else if (message.body === 5)
      self.finish((await self.history(3)).map(({ body, from }) => [body, from === self.address]));
  });
  await using world = await openWorld({ agents: [lead] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toEqual([
    [3, true],
    [4, true],
    [5, true],
  ]);
});

it("knows who it is, who spawned it and who its admin is", async () => {
  const kid = script("kid", (message, self) => {
    self.reply(message, [self.address, self.name, self.group, self.isAdmin, self.admin, self.spawner, self.attempt]);
  });
  const lead = script("lead", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawn(kid, "kid")), "question", null);
    self.finish([self.isAdmin, self.spawner, answer.accepted && answer.reply]);
  });
  await using world = await openWorld({ agents: [lead, kid] });

  const run = await world.worker.runtime.submit(lead, null);

  const root = `lead@${run.id}`;
  expect(await world.until(run.result())).toEqual([
    true,
    undefined,
    [`kid@${run.id}`, "kid", run.id, false, root, root, 1],
  ]);
});
