import { agent, encode, request } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { gate, type ScriptSelf, script, spawned } from "./script.ts";
import { eventsOf, openWorld } from "./world.ts";

/** A root that lets its test act in its turn, and then waits. */
function lead(act: (self: ScriptSelf) => void | Promise<void>) {
  return script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    await act(self);
    await self.sleep(3_600_000);
  });
}

/** A member of the root group that does so; what it writes to a group it spawned goes there without a detour. */
function member(act: (self: ScriptSelf) => void | Promise<void>) {
  return script("member", async (_message, self) => {
    await act(self);
    await self.sleep(3_600_000);
  });
}

it("keeps mail that found a full mailbox, and lets it in later in order", async () => {
  const seen: unknown[] = [];
  const slow = gate();
  const below = script("below", async ({ body }) => {
    if (seen.length === 0) await slow.passed;
    seen.push(body);
  });
  const root = lead((self) => {
    const to = spawned(self.spawnGroup(below, "group"));
    for (let number = 1; number <= 6; number++) self.tell(to, "note", number);
  });
  await using world = await openWorld({ agents: [root, below], settings: { mailboxMessages: 3 } });
  await world.worker.runtime.submit(root, null);
  await world.clock.advance(5_000);
  const waiting = (await world.store.due([0, 1, 2, 3], -1, 10)).inbox.length;

  slow.open();
  await world.clock.advance(5_000);

  expect(waiting).toBe(3);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  expect((await world.store.due([0, 1, 2, 3], -1, 10)).inbox).toEqual([]);
});

it("finds out what does not fit among held mail when it is its turn, and lets the rest in", async () => {
  const seen: unknown[] = [];
  const slow = gate();
  const below = agent("below", {
    state: null,
    on: { note: z.number() },
    async turn({ body }) {
      if (seen.length === 0) await slow.passed;
      seen.push(body);
    },
  });
  const root = lead((self) => {
    const to: string = spawned(self.spawnGroup(below, "group"));
    for (const body of [1, 2, 3, 4, 5, "six", 7]) self.tell(to, "note", body);
    self.tell(to, "other", 8);
  });
  await using world = await openWorld({ agents: [root, below], settings: { mailboxMessages: 4 } });
  const run = await world.worker.runtime.submit(root, null);
  await world.clock.advance(5_000);
  const early = await world.store.deadLetters(run.id, 10);

  slow.open();
  await world.clock.advance(5_000);

  expect(early).toEqual([]);
  expect(seen).toEqual([1, 2, 3, 4, 5, 7]);
  const reasons = (await world.store.deadLetters(run.id, 10)).map(({ reason }) => reason);
  expect(reasons.toSorted()).toEqual(["body_invalid", "kind_unknown"]);
});

it("lets held mail in when the room that was promised to others is given back", async () => {
  const seen: unknown[] = [];
  const stuck = gate();
  const filler = script(
    "filler",
    async (_message, self) => {
      self.tell(self.admin, "note", "never sent");
      await stuck.passed;
      throw new Error("after it was promised room");
    },
    { retry: { attempts: 1 } },
  );
  const below = script("below", async (message, self) => {
    if (message.kind === "start") self.tell(spawned(self.spawn(filler, "filler")), "note", null);
    else seen.push(message.body);
  });
  const root = lead(async (self) => {
    const to = spawned(self.spawnGroup(below, "group"));
    self.tell(to, "start", null);
    await self.sleep(1_000);
    self.tell(to, "note", "held");
  });
  await using world = await openWorld({ agents: [root, below, filler], settings: { mailboxMessages: 1 } });
  await world.worker.runtime.submit(root, null);
  await world.clock.advance(5_000);
  expect(seen).toEqual([]);

  stuck.open();
  await world.clock.advance(5_000);

  expect(seen).toEqual(["held"]);
});

it("lets nothing overtake mail that has to be read again because its group could not be loaded", async () => {
  const seen: unknown[] = [];
  const below = script("below", ({ body }) => void seen.push(body));
  const poster = member(async (self) => {
    const to = spawned(self.spawnGroup(below, "group"));
    self.tell(to, "note", 1);
    await self.sleep(10);
    self.tell(to, "note", 2);
    await self.sleep(10);
    self.tell(to, "note", 3);
  });
  const root = lead((self) => void self.tell(spawned(self.spawn(poster, "poster")), "note", null));
  await using world = await openWorld({ agents: [root, poster, below] });
  const { loadChannels } = world.store;
  let failures = 0;
  world.store.loadChannels = async (names) => {
    if (names.some((name) => name.endsWith("/group")) && failures++ === 0) throw new Error("no answer");
    return loadChannels(names);
  };
  await world.worker.runtime.submit(root, null);

  await world.clock.advance(10_000);

  expect(failures).toBeGreaterThan(0);
  expect(seen).toEqual([1, 2, 3]);
});

it("lets nothing overtake the mail of an inbox that is longer than what is read of it at once", async () => {
  const seen: number[] = [];
  const below = script("below", ({ body }) => void seen.push(body as number));
  const post = gate();
  const poster = member(async (self) => {
    const to = spawned(self.spawnGroup(below, "group"));
    await self.sleep(1);
    await post.passed;
    self.tell(to, "note", 2_501);
  });
  const root = lead((self) => void self.tell(spawned(self.spawn(poster, "poster")), "note", null));
  await using world = await openWorld({
    agents: [root, poster, below],
    settings: { mailboxMessages: 10_000 },
    shards: 1,
  });
  const run = await world.worker.runtime.submit(root, null);
  await world.clock.advance(500);
  const sender = `poster@${run.id}`;
  const mail = { shard: 0, run: run.id, channel: `${run.id}/group`, sender: sender, recipient: "below", kind: "note" };
  world.worker.faults.down("due");
  await world.store.post(
    Array.from({ length: 2_500 }, (_, i) => {
      return { ...mail, key: `${sender}#early.${i}`, body: encode(i + 1), cause: null, at: 0, headers: null };
    }),
  );
  await world.clock.advance(1_000);

  world.worker.faults.up("due");
  for (let ms = 0; ms < 1_000 && seen.length === 0; ms++) await world.clock.advance(1);
  post.open();
  await world.clock.advance(10_000);

  expect(seen).toEqual(Array.from({ length: 2_501 }, (_, i) => i + 1));
});

it("passes an announcement by the admins that do not take its kind", async () => {
  const heard: string[] = [];
  const listener = agent("listener", {
    state: null,
    on: { news: z.string() },
    turn: ({ body }) => void heard.push(body),
  });
  const deaf = agent("deaf", { state: null, on: { other: request(z.string(), z.string()) }, turn: () => undefined });
  const root = lead(async (self) => {
    self.spawnGroup(listener, "one");
    self.spawnGroup(deaf, "two");
    await self.sleep(1_000);
    self.announce("news", "it works");
  });
  await using world = await openWorld({ agents: [root, listener, deaf] });
  const run = await world.worker.runtime.submit(root, null);

  await world.clock.advance(10_000);

  expect(heard).toEqual(["it works"]);
  expect(await world.store.deadLetters(run.id, 10)).toEqual([]);
});

it("tells who watches of mail from outside that nobody could be given", async () => {
  const below = agent("below", { state: null, on: { other: z.string() }, turn: () => undefined });
  const root = lead((self) => {
    const to: string = spawned(self.spawnGroup(below, "group"));
    self.tell(to, "note", "not taken");
  });
  await using world = await openWorld({ agents: [root, below] });
  const run = await world.worker.runtime.submit(root, null);

  await world.clock.advance(5_000);

  const letter = { type: "dead_letter", run: run.id, actor: `below@${run.id}/group`, reason: "kind_unknown" };
  expect(eventsOf(world.worker.events, "dead_letter")).toMatchObject([letter]);
});

it("keeps the order of an admin's mail though the channel leaves memory before the first of it is let in", async () => {
  const seen: unknown[] = [];
  const below = script("below", ({ body }) => void seen.push(body));
  const root = lead((self) => {
    const to = spawned(self.spawnGroup(below, "group"));
    for (const number of [1, 2, 3]) self.tell(to, "note", number);
  });
  await using world = await openWorld({ agents: [root, below], settings: { idleMs: 40 } });
  const reading = world.worker.faults.hold("groupsOf");
  await world.worker.runtime.submit(root, null);
  await world.clock.advance(500);
  await reading.arrived;

  reading.release();
  await world.clock.advance(5_000);

  expect(seen).toEqual([1, 2, 3]);
});

it("does not let in once more what the owner before has let in, when it hears late that its post was taken", async () => {
  const seen: unknown[] = [];
  const below = script("below", ({ body }) => void seen.push(body));
  const told = gate();
  const poster = member(async (self) => {
    const groups = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => spawned(self.spawnGroup(below, `g${number}`)));
    await self.sleep(100);
    await told.passed;
    for (const to of groups) self.tell(to, "note", to);
  });
  const root = lead((self) => void self.tell(spawned(self.spawn(poster, "poster")), "note", null));
  await using world = await openWorld({ agents: [root, poster, below] });
  const other = await world.start();
  await world.clock.advance(5_000);
  const run = await world.worker.runtime.submit(root, null);
  await world.clock.advance(2_000);
  const owner = other.runtime.census().groups > 0 ? other : world.worker;
  const next = owner === other ? world.worker : other;

  // The one that runs the poster hears late of its commit; the other lets the mail into its shards, and goes.
  const answer = owner.faults.holdAnswer("commit");
  told.open();
  await world.clock.settle();
  await answer.arrived;
  await world.clock.advance(3_000);
  await next.close();
  await world.clock.advance(15_000);
  answer.release();
  await world.clock.advance(15_000);

  expect(seen.length).toBe(8);
  expect(owner.troubles).toEqual([]);
  expect((await run.status()).spent.messages).toBeGreaterThan(8);
});
