import { agent, request } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { type ScriptMessage, type ScriptSelf, script, spawned } from "./script.ts";
import { openWorld, type World } from "./world.ts";

const HOUR_MS = 3_600_000;

type Act = (message: ScriptMessage, self: ScriptSelf) => void | Promise<void>;

/** A run with two groups below the root's, of an admin and a member each, that do as the test says. */
async function twoGroups(acts: { root?: Act; admin?: Act; member?: Act }): Promise<{ world: World; run: string }> {
  const member = script("member", (message, self) => acts.member?.(message, self));
  const admin = script("admin", async (message, self) => {
    if (message.kind !== "start") return acts.admin?.(message, self);
    self.tell(spawned(self.spawn(member, "member")), "start", null);
    await self.sleep(1);
    await acts.admin?.(message, self);
  });
  const root = script("root", async (message, self) => {
    if (message.kind !== "start") return acts.root?.(message, self);
    for (const name of ["one", "two"]) self.tell(spawned(self.spawnGroup(admin, name)), "start", null);
    await self.sleep(1_000);
    await acts.root?.(message, self);
    await self.sleep(5_000);
  });
  const world = await openWorld({ agents: [root, admin, member] });
  const run = await world.worker.runtime.submit(root, null);
  await world.clock.advance(30_000);
  return { world, run: run.id };
}

it("refuses a member that addresses another group, and names its admin to ask instead", async () => {
  const told: unknown[] = [];
  const { world, run } = await twoGroups({
    member: (_message, self) => {
      if (self.group.endsWith("one"))
        told.push(self.tell(`admin@${self.run}/two`, "note", "hello"), self.announce("note", 1));
    },
  });

  await world[Symbol.asyncDispose]();

  const askInstead = `admin@${run}/one`;
  expect(told).toMatchObject([
    { accepted: false, reason: "out_of_reach", askInstead, message: expect.stringContaining(`ask ${askInstead}`) },
    { accepted: false, reason: "out_of_reach", askInstead },
  ]);
});

it("carries what admins tell each other over the run's admin channel", async () => {
  const heard: unknown[] = [];
  const { world, run } = await twoGroups({
    admin: (message, self) => {
      if (message.kind === "note") heard.push([self.address, message.from, message.body]);
      else if (self.group.endsWith("one")) self.tell(`admin@${self.run}/two`, "note", "hello");
    },
  });

  const channel = await world.store.history(`${run}#admin`, 10);
  await world[Symbol.asyncDispose]();

  expect(heard).toEqual([[`admin@${run}/two`, `admin@${run}/one`, "hello"]]);
  expect(channel.filter(({ kind }) => kind === "note")).toHaveLength(1);
});

it("lets what an admin announces reach every other admin, and no member", async () => {
  const heard: unknown[] = [];
  const note: Act = (message, self) => {
    if (message.kind === "note") heard.push([self.address, message.body]);
  };
  const { world, run } = await twoGroups({
    root: note,
    member: note,
    admin: (message, self) => {
      if (message.kind === "note") return note(message, self);
      if (self.group.endsWith("one")) self.announce("note", "hear, hear");
    },
  });

  await world[Symbol.asyncDispose]();

  expect(heard).toHaveLength(2);
  expect(heard).toContainEqual([`root@${run}`, "hear, hear"]);
  expect(heard).toContainEqual([`admin@${run}/two`, "hear, hear"]);
});

it("lets an actor that is no admin talk with the admin of a group it spawned, both ways", async () => {
  const heard: unknown[] = [];
  const below = script("below", (message, self) => {
    heard.push(message.body);
    if (self.spawner !== undefined) self.tell(self.spawner, "note", "up");
  });
  const middle = script("middle", (message, self) => {
    if (message.kind === "note") heard.push(message.body);
    else self.tell(spawned(self.spawnGroup(below, "below")), "note", "down");
  });
  const root = script("root", async (_message, self) => {
    self.tell(spawned(self.spawn(middle, "middle")), "start", null);
    await self.sleep(HOUR_MS);
  });
  await using world = await openWorld({ agents: [root, middle, below] });
  const run = await world.worker.runtime.submit(root, null);

  await world.clock.advance(10_000);

  expect(heard).toEqual(["down", "up"]);
  expect(await world.store.history(`${run.id}#admin`, 10)).toEqual([]);
});

it("makes a dead letter of what is for a group or an actor that only a model could think of, and tells who asked", async () => {
  const answers: unknown[] = [];
  const { world, run } = await twoGroups({
    admin: async (message, self) => {
      if (message.kind !== "start" || !self.group.endsWith("two")) return;
      self.tell(`admin@${self.run}/three`, "note", "anyone?");
      answers.push(await self.ask(`admin@${self.run}/three`, "question", "there?"));
      answers.push(await self.ask(`nobody@${self.run}/one`, "question", "there?"));
      answers.push(await self.ask(`member@${self.run}/one`, "question", "may I?"));
    },
  });

  const letters = await world.store.deadLetters(run, 10);
  await world[Symbol.asyncDispose]();

  expect(answers).toMatchObject([
    { reason: "failed", message: expect.stringContaining("there is no group") },
    { reason: "failed", message: expect.stringContaining("actor_unknown") },
    { reason: "failed", message: expect.stringContaining("out_of_reach") },
  ]);
  expect(letters.map(({ reason }) => reason).sort()).toEqual([
    "actor_unknown",
    "actor_unknown",
    "actor_unknown",
    "out_of_reach",
  ]);
});

it("refuses whoever spawned a group at once when it writes past the admin there, and names that admin", async () => {
  const told: unknown[] = [];
  const { world, run } = await twoGroups({
    root: (message, self) => {
      if (message.kind === "start") told.push(self.tell(`member@${self.run}/one`, "note", "hello"));
    },
  });

  await world[Symbol.asyncDispose]();

  expect(told).toMatchObject([{ accepted: false, reason: "out_of_reach", askInstead: `admin@${run}/one` }]);
});

it("answers questions from admin to admin, and holds their replies against the schema", async () => {
  const answers: unknown[] = [];
  const sage = agent("sage", {
    state: null,
    on: { find: request(z.string(), z.number()) },
    turn: (message, self) => void self.reply(message, message.body.length),
  });
  const root = script("root", async (_message, self) => {
    const to = spawned(self.spawnGroup(sage, "below"));
    answers.push(await self.ask(to, "find", "four"), await self.ask(to, "find", 4 as never));
    self.finish();
  });
  await using world = await openWorld({ agents: [root, sage] });

  await world.until((await world.worker.runtime.submit(root, null)).result());

  expect(answers).toMatchObject([
    { accepted: true, reply: 4 },
    { accepted: false, reason: "failed", message: expect.stringContaining("find for sage") },
  ]);
});
