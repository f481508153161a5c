import { agent, DEFAULT_LIMITS, type Limits, type Spent } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { idler, script, spawned } from "./script.ts";
import { openWorld, type Worker, World } from "./world.ts";

const kid = idler("kid");

// Every actor of it spawns what its plan says, and hands the plan on to what it spawned.
const plan = z.object({
  actors: z.number(),
  groups: z.number(),
  levels: z.number(),
  park: z.boolean(),
  fails: z.number(),
});
type Plan = z.output<typeof plan>;

const spawner = agent("spawner", {
  state: null,
  on: { start: plan, go: plan },
  retry: { attempts: 10, baseMs: 1, maxMs: 5 },
  async turn({ body }, self) {
    const next = { ...body, levels: body.levels - 1 };
    const grow = (until: number, from: number): void => {
      for (let number = from; number < until; number++) {
        const member = self.spawn(spawner, `${self.name}-${number}`);
        if (member.accepted && next.levels > 0) self.tell(member.address, "go", next);
      }
    };
    grow(Math.ceil(body.actors / 2), 0);
    for (let number = 0; number < body.groups; number++) {
      const group = self.spawnGroup(spawner, `${self.name}-${number}`);
      if (group.accepted && next.levels > 0) self.tell(group.address, "go", next);
    }
    if (body.park) await self.sleep(5);
    grow(body.actors, Math.ceil(body.actors / 2));
    if (self.attempt <= body.fails) throw new Error("after all that");
  },
});

interface Totals {
  readonly spent: Spent;
  readonly members: readonly number[];
  readonly groups: number;
  readonly depths: readonly number[];
  readonly children: readonly number[];
}

async function totals(world: World, run: string): Promise<Totals> {
  const [row] = await world.store.loadRuns([run]);
  const channels = await world.store.loadChannels([...(await world.store.groupsOf(run))]);
  const spawners = new Map<string, number>();
  for (const channel of channels) {
    for (const { spawner: by } of channel.members) if (by !== null) spawners.set(by, (spawners.get(by) ?? 0) + 1);
  }
  return {
    spent: (row as { spent: Spent }).spent,
    members: channels.map((channel) => channel.members.length),
    groups: channels.length,
    depths: channels.map((channel) => channel.depth),
    children: [...spawners.values()],
  };
}

function expectWithin(limits: Limits, { spent, members, groups, depths, children }: Totals): void {
  const actors = members.reduce((sum, count) => sum + count, 0);
  expect([spent.actors, spent.groups]).toEqual([actors, groups]);
  expect(actors).toBeLessThanOrEqual(Math.min(limits.actors, limits.actorsEver));
  expect(groups).toBeLessThanOrEqual(limits.groups);
  for (const count of members) expect(count).toBeLessThanOrEqual(limits.members);
  for (const depth of depths) expect(depth).toBeLessThanOrEqual(limits.depth);
  for (const count of children) expect(count).toBeLessThanOrEqual(limits.children);
}

const small = (max: number) => fc.integer({ min: 1, max });
const capLists = fc.record({
  children: small(5),
  members: small(6),
  groups: small(5),
  actors: small(12),
  actorsEver: small(14),
  depth: small(3),
});
const plans: fc.Arbitrary<Plan> = fc.record({
  actors: fc.integer({ min: 0, max: 5 }),
  groups: fc.integer({ min: 0, max: 3 }),
  levels: fc.integer({ min: 1, max: 3 }),
  park: fc.boolean(),
  fails: fc.integer({ min: 0, max: 1 }),
});
const blows = fc.array(
  fc.record({ after: fc.nat(30), what: fc.constantFrom("crash" as const, "second" as const, "lost" as const) }),
  {
    maxLength: 3,
  },
);

it("never grows beyond a cap, whoever spawns at once, dies between spawns or shares the run's shards", async () => {
  const settings = { leaseMs: 1_000, pollMs: 100, idleMs: 300, crashes: 1_000 };
  const property = fc.asyncProperty(capLists, plans, blows, small(1_000_000), async (caps, body, blowList, seed) => {
    const limits = { ...DEFAULT_LIMITS, ...caps };
    const world = new World({ agents: [spawner], settings, shards: 3, seed });
    const workers: Worker[] = [await world.start({ watched: false })];
    const run = await (workers[0] as Worker).runtime.submit(spawner, body, { limits: caps });
    for (const { after, what } of blowList) {
      await world.clock.advance(after);
      if (what === "lost") workers.at(-1)?.faults.next("commit", "answer_lost");
      if (what === "crash") workers.pop()?.crash();
      if (what !== "lost" && workers.length < 2) workers.push(await world.start({ watched: false }));
      expectWithin(limits, await totals(world, run.id));
    }
    await world.clock.advance(8_000);

    expectWithin(limits, await totals(world, run.id));
    expect((await world.store.loadRuns([run.id]))[0]?.status).toBe("quiescent");
    await world[Symbol.asyncDispose]();
  });
  await fc.assert(property, { numRuns: 2_500 });
}, 120_000);

it("lets ten that spawn at once fill a group to its cap, and tells the others what the cap is", async () => {
  const refusals: unknown[] = [];
  const many = script("many", async (message, self) => {
    for (let number = 0; number < 3; number++) {
      const spawn = self.spawn(kid, `kid-${self.name}-${number}`);
      if (!spawn.accepted) refusals.push(spawn);
    }
    self.tell(message.from, "note", "done");
  });
  const lead = script("lead", (message, self) => {
    if (message.kind === "start") {
      for (let number = 0; number < 10; number++) self.tell(spawned(self.spawn(many, `m${number}`)), "note", null);
    } else if (self.state.seen.push(null) === 10) self.finish();
  });
  await using world = await openWorld({ agents: [lead, many, kid] });

  const run = await world.worker.runtime.submit(lead, null, { limits: { members: 20 } });
  await world.until(run.result());

  expect((await world.store.inspect(run.id))?.groups[0]?.members).toHaveLength(20);
  expect(refusals).toHaveLength(21);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({
      reason: "limit_members",
      message: expect.stringContaining("20 members, the limit"),
    });
  }
});

it("gives a spawned name to one actor only, and whoever asks for it again gets its address", async () => {
  const answers: unknown[] = [];
  const lead = script("lead", async (_message, self) => {
    answers.push(self.spawn(kid, "kid"), self.spawn(kid, "kid"), self.spawn(lead, "kid"));
    await self.sleep(1);
    answers.push(self.spawn(kid, "kid"), self.spawnGroup(kid, "group"), self.spawnGroup(kid, "group"));
    answers.push(self.spawnGroup(lead, "group"), self.spawn(kid, "no name"));
    self.finish();
  });
  await using world = await openWorld({ agents: [lead, kid] });

  const run = await world.worker.runtime.submit(lead, null);
  await world.until(run.result());

  expect(answers).toMatchObject([
    { accepted: true, address: `kid@${run.id}`, existed: false },
    { accepted: true, address: `kid@${run.id}`, existed: true },
    { accepted: false, reason: "name_taken", message: expect.stringContaining("is a kid, not a lead") },
    { accepted: true, existed: true },
    { accepted: true, address: `kid@${run.id}/group`, existed: false },
    { accepted: true, address: `kid@${run.id}/group`, existed: true },
    { accepted: false, reason: "name_taken" },
    { accepted: false, reason: "name_invalid", message: expect.stringContaining("1 to 64 of") },
  ]);
});

it("gives the place of an actor that ended itself to another, but not the one in the count of all there ever were", async () => {
  const quitter = script("quitter", (_message, self) => self.finish());
  const spawns: unknown[] = [];
  const lead = script("lead", async (_message, self) => {
    for (let number = 0; number < 4; number++) {
      const spawn = self.spawn(quitter, `q${number}`);
      spawns.push(spawn.accepted || spawn.reason);
      if (spawn.accepted) self.tell(spawn.address, "note", null);
      await self.sleep(100);
    }
    self.finish();
  });
  await using world = await openWorld({ agents: [lead, quitter] });

  const run = await world.worker.runtime.submit(lead, null, { limits: { actors: 2, actorsEver: 4 } });
  await world.until(run.result());

  expect(spawns).toEqual([true, true, true, "limit_actors"]);
});
