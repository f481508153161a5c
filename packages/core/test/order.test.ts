import { addressOf, agent, type ChannelName, decode, type Self, type Store } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { type Worker, World } from "./world.ts";

// Random programs: actors of one or two groups send numbers to each other, over behaviours that fail, sleep, take steps and
// leave memory, on workers that die and stores that go away. Every receiver has to see the numbers of every sender in order.

const RUNS = 1_500;
const KEEP_MS = 20_000;
const QUIET_MS = 12_000;

const job = z.object({
  to: z.array(z.string()),
  later: z.array(z.string()),
  between: z.enum(["nothing", "sleep", "step", "long sleep", "keep"]),
  fails: z.number(),
  failsAt: z.enum(["start", "between", "end"]),
});
type Job = z.output<typeof job>;

interface TalkerState {
  sent: Record<string, number>;
  got: Record<string, number[]>;
}

const ON = { start: z.unknown(), job, number: z.object({ number: z.number(), fails: z.number() }), plan: z.unknown() };
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
  for (const to of job.to) sendNumber(self, to);
  if (job.between === "sleep") await self.sleep(20);
  if (job.between === "long sleep") await self.sleep(2_000);
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

/** Members 0 and 1 are the admins of their groups; only they reach each other across groups. */
function addressIn(run: string, index: number): string {
  if (index === 0) return addressOf("root", run);
  return index === 1 ? addressOf("talker", `${run}/below`) : addressOf(name(index), run);
}

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
      // The admin below reaches no other member of the group above than its admin.
      const here = (to: string): string => addressIn(self.run, actor === 1 ? Number(to) % 2 : Number(to));
      const own = { ...job, to: job.to.map(here), later: job.later.map(here) };
      self.tell(addressIn(self.run, actor), "job", own);
    }
  },
});

const index = fc.integer({ min: 0, max: 3 });
const plans: fc.Arbitrary<Plan> = fc.record({
  members: fc.constant(4),
  jobs: fc.array(
    fc.record({
      actor: index,
      job: fc.record({
        to: fc.array(index.map(String), { maxLength: 3 }),
        later: fc.array(index.map(String), { maxLength: 3 }),
        between: fc.constantFrom("nothing" as const, "sleep" as const, "step" as const, "long sleep" as const),
        fails: fc.integer({ min: 0, max: 2 }),
        failsAt: fc.constantFrom("start" as const, "between" as const, "end" as const),
      }),
    }),
    { maxLength: 8 },
  ),
});

type Blow = "crash" | "unavailable" | "answer lost" | "second worker" | "pause";
const blows = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 200 }),
    what: fc.constantFrom<Blow>("crash", "unavailable", "answer lost", "second worker", "pause"),
  }),
  { maxLength: 5 },
);

const SETTINGS = { mailboxMessages: 6, leaseMs: 1_000, pollMs: 200, graceMs: 100, crashes: 1_000 };

async function strike(world: World, workers: Worker[], what: Blow): Promise<void> {
  const worker = workers.at(-1);
  if (what === "unavailable") worker?.faults.next("commit", "unavailable");
  if (what === "answer lost") worker?.faults.next("commit", "answer_lost");
  if (what === "second worker" && workers.length < 3) workers.push(await world.start());
  if (what === "pause") await world.clock.advance(1_000);
  if (what !== "crash") return;
  workers.pop()?.crash();
  workers.push(await world.start());
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

async function check(store: Store, run: string): Promise<void> {
  const talkers = await talkersOf(store, run);
  const dead = await store.deadLetters(run, 1_000);
  for (const receiver of talkers) {
    for (const sender of talkers) {
      const sent = sender.state.sent[receiver.address] ?? 0;
      const got = receiver.state.got[sender.address] ?? [];
      const lost = dead
        .filter(
          (letter) =>
            letter.kind === "number" &&
            letter.reason === "mailbox_full" &&
            addressOf(letter.actor, letter.group) === receiver.address &&
            [sender.address, sender.address.split("@")[0]].includes(letter.sender),
        )
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
