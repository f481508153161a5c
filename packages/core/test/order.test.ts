import { addressOf, agent, type ChannelName, decode, request, type Self, type Store } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { type Worker, World } from "./world.ts";

// Random programs: actors of one or two groups send numbers to each other, over behaviours that fail, sleep, take steps and
// leave memory, on workers that die and stores that go away. Every receiver has to see the numbers of every sender in order.

const RUNS = 3_000;
const KEEP_MS = 20_000;
const QUIET_MS = 12_000;

const job = z.object({
  to: z.array(z.string()),
  later: z.array(z.string()),
  between: z.enum(["nothing", "sleep", "step", "long sleep", "ask", "keep"]),
  fails: z.number(),
  failsAt: z.enum(["start", "between", "end"]),
});
type Job = z.output<typeof job>;

interface TalkerState {
  sent: Record<string, number>;
  got: Record<string, number[]>;
}

const ON = {
  start: z.unknown(),
  job,
  question: request(z.null(), z.null()),
  number: z.object({ number: z.number(), fails: z.number() }),
  plan: z.unknown(),
};
type TalkerSelf = Self<typeof ON, TalkerState>;

function sendNumber(self: TalkerSelf, to: string): void {
  const number = (self.state.sent[to] ?? 0) + 1;
  if (self.tell(to, "number", { number, fails: number % 7 === 3 ? 1 : 0 }).accepted) self.state.sent[to] = number;
}

async function doJob(job: Job, self: TalkerSelf): Promise<void> {
  const failAt = (place: Job["failsAt"]): void => {
    if (job.failsAt === place && self.attempt <= job.fails) throw new Error(`at the ${place}`);
  };
  failAt("start");
  if (self.name === name(2)) self.spawnGroup(talker, "side");
  for (const to of job.to) sendNumber(self, to);
  if (job.between === "sleep") await self.sleep(20);
  if (job.between === "long sleep") await self.sleep(2_000);
  if (job.between === "ask" && job.to[0] !== undefined)
    await self.ask(job.to[0], "question", null, { deadlineMs: 2_000 });
  if (job.between === "keep") await self.sleep(KEEP_MS);
  if (job.between === "step") await self.step("step", () => 1);
  failAt("between");
  for (const to of job.later) sendNumber(self, to);
  failAt("end");
}

const talker = agent<typeof ON, TalkerState>("talker", {
  state: { sent: {}, got: {} },
  on: ON,
  retry: { attempts: 50, baseMs: 5, maxMs: 20 },
  async turn(message, self) {
    if (message.kind === "job") return doJob(message.body, self);
    if (message.kind === "question") return void self.reply(message, null);
    if (message.kind !== "number") return;
    const { number, fails } = message.body;
    if (self.attempt <= fails) throw new Error("first time");
    const list = self.state.got[message.from] ?? [];
    list.push(number);
    self.state.got[message.from] = list;
  },
});

interface Plan {
  readonly members: number;
  readonly jobs: readonly { readonly actor: number; readonly job: Job }[];
}

const name = (index: number): string => `m${index}`;

/** 0 and 1 are admins, of the root group and of one below; 2 and 3 are members, and 4 is the admin of a group that 2 spawns. */
function addressIn(run: string, index: number): string {
  const admins: Record<number, string> = { 0: addressOf("root", run), 1: addressOf("talker", `${run}/below`) };
  return index === 4 ? addressOf("talker", `${run}/side`) : (admins[index] ?? addressOf(name(index), run));
}

/** Whom each may write to; what goes elsewhere is a dead letter, or refused, and no matter of order. */
const REACH: Readonly<Record<number, readonly number[]>> = {
  0: [0, 1, 2, 3, 4],
  1: [0, 1, 4],
  2: [0, 2, 3, 4],
  3: [0, 2, 3],
  4: [0, 1, 2, 4],
};

const root = agent<typeof ON, TalkerState>("root", {
  state: { sent: {}, got: {} },
  on: ON,
  retry: { attempts: 50, baseMs: 5, maxMs: 20 },
  async turn(message, self) {
    if (message.kind !== "start") return talker.turn(message, self);
    const plan = message.body as Plan;
    self.spawnGroup(talker, "below");
    for (let index = 2; index < plan.members; index++) self.spawn(talker, name(index));
    // Keeps the run open when all is done, so that there is something left to look at.
    const keeper = self.spawn(talker, "keeper");
    const keep: Job = { to: [], later: [], between: "keep", fails: 0, failsAt: "start" };
    if (keeper.accepted) self.tell(keeper.address, "job", keep);
    for (const { actor, job } of plan.jobs) {
      const reach = REACH[actor] ?? [];
      const here = (to: string): string => addressIn(self.run, reach[Number(to) % reach.length] ?? 0);
      const own = { ...job, to: job.to.map(here), later: job.later.map(here) };
      self.tell(addressIn(self.run, actor), "job", own);
    }
  },
});

const index = fc.integer({ min: 0, max: 4 });
const plans: fc.Arbitrary<Plan> = fc.record({
  members: fc.constant(4),
  jobs: fc.array(
    fc.record({
      actor: index,
      job: fc.record({
        to: fc.array(index.map(String), { maxLength: 3 }),
        later: fc.array(index.map(String), { maxLength: 3 }),
        between: fc.constantFrom<Job["between"]>("nothing", "sleep", "step", "long sleep", "ask"),
        fails: fc.integer({ min: 0, max: 2 }),
        failsAt: fc.constantFrom<Job["failsAt"]>("start", "between", "end"),
      }),
    }),
    { maxLength: 8 },
  ),
});

const BLOWS = [
  "crash",
  "unavailable",
  "answer lost",
  "fenced",
  "no reads",
  "second worker",
  "frozen",
  "pause",
] as const;
type Blow = (typeof BLOWS)[number];
const blows = fc.array(fc.record({ after: fc.integer({ min: 0, max: 200 }), what: fc.constantFrom(...BLOWS) }), {
  maxLength: 5,
});

const SETTINGS = { mailboxMessages: 6, leaseMs: 1_000, pollMs: 200, graceMs: 100, crashes: 1_000 };

const READS = ["due", "loadChannels", "loadState", "loadRuns", "claim"] as const;

async function strike(world: World, workers: Worker[], what: Blow): Promise<void> {
  const worker = workers.at(-1) as Worker;
  const { faults } = worker;
  if (what === "unavailable") faults.next("commit", "unavailable");
  if (what === "answer lost") faults.next("commit", "answer_lost");
  if (what === "no reads") for (const method of READS) faults.next(method, "unavailable");
  if (what === "pause") await world.clock.advance(1_000);
  if (what === "frozen") {
    worker.freeze();
    await world.clock.advance(1_500);
    worker.thaw();
  }
  if (what === "second worker" && workers.length < 3) workers.push(await world.start({ watched: false }));
  if (what !== "crash") return;
  workers.pop()?.crash();
  workers.push(await world.start({ watched: false }));
}

async function talkersOf(store: Store, run: string): Promise<{ address: string; state: TalkerState }[]> {
  const groups: ChannelName[] = [...(await store.groupsOf(run))];
  const all = [];
  for (const channel of await store.loadChannels(groups)) {
    for (const member of channel.members) {
      const state = await store.loadState(channel.key, member.name);
      if (state) all.push({ address: addressOf(member.name, channel.name), state: decode(state) as TalkerState });
    }
  }
  return all;
}

function within(actor: string, group: string): string {
  return actor.includes("@") ? actor : addressOf(actor, group);
}

async function check(store: Store, run: string): Promise<void> {
  const talkers = await talkersOf(store, run);
  const dead = await store.deadLetters(run, 1_000);
  for (const receiver of talkers) {
    for (const sender of talkers) {
      const sent = sender.state.sent[receiver.address] ?? 0;
      const got = receiver.state.got[sender.address] ?? [];
      const lost = dead
        .filter(({ kind, actor, sender: from, group }) => {
          return (
            kind === "number" && within(actor, group) === receiver.address && within(from, group) === sender.address
          );
        })
        .map((letter) => (decode(letter.body) as { number: number }).number);
      const expected = Array.from({ length: sent }, (_, i) => i + 1).filter((number) => !lost.includes(number));
      expect(got, `${receiver.address} of ${sender.address}`).toEqual(expected);
    }
  }
}

async function live(plan: Plan, blowList: readonly { after: number; what: Blow }[], idleMs: number, seed: number) {
  const world = new World({ agents: [root, talker], settings: { ...SETTINGS, idleMs }, shards: 3, seed });
  const workers = [await world.start({ watched: false })];
  const run = await (workers[0] as Worker).runtime.submit(root, plan);
  for (const { after, what } of blowList) {
    await world.clock.advance(after);
    await strike(world, workers, what);
  }
  await world.clock.advance(QUIET_MS);

  await check(world.store, run.id);
  const counts = workers.map(({ runtime }) => runtime.census());
  // The one turn that is parked or waits has its reservation.
  const parked = counts.filter(({ reserved }) => reserved > 0);
  for (const count of counts) expect(count).toMatchObject({ promised: 0, underWay: 0, backlog: 0, held: 0 });
  expect(parked.length).toBeLessThanOrEqual(1);
  for (const { reserved, waiting, unread } of parked) expect([reserved, waiting, unread]).toEqual([1, 1, 1]);

  await world.clock.advance(KEEP_MS);
  const [row] = await world.store.loadRuns([run.id]);
  expect(row?.status).toBe("quiescent");
  await world[Symbol.asyncDispose]();
}

it("shows every receiver the numbers of every sender in order, once each, whatever happens meanwhile", async () => {
  const idleMs = fc.constantFrom(300, 3_600_000);
  const property = fc.asyncProperty(plans, blows, idleMs, fc.integer({ min: 1 }), live);
  await fc.assert(property, { numRuns: RUNS });
}, 120_000);
