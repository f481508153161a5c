import type { RunRow } from "@troupe/core";
import { simulatedClock } from "@troupe/testing";
import { checkRun } from "../history/check-run.ts";
import type { Violation } from "../history/history.ts";
import { Cast, type Stage } from "./cast.ts";
import { Customer } from "./customer.ts";
import { LEASE_MS, planOf } from "./plan.ts";
import { readHistories } from "./read-histories.ts";
import type { SometimeCounts } from "./sometimes.ts";
import type { Trace } from "./trace.ts";
import { Troublemaker } from "./troublemaker.ts";
import { World } from "./world.ts";

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly messages: number;
  readonly turns: number;
}

/** Lives one world to its end. The same seed is the same world, to the last message. */
export async function simulateSeed(seed: number, sometimes: SometimeCounts, trace?: Trace): Promise<Outcome> {
  const plan = planOf(seed);
  const world = new World(plan, sometimes, trace);
  world.said(() => JSON.stringify(plan));
  for (let count = 0; count < plan.workers; count++) world.start();
  const customers = plan.runs.map((run) => new Customer(world, run));
  for (const customer of customers) customer.start();
  const troublemaker = new Troublemaker(world);
  troublemaker.start();
  await world.clock.advance(plan.trouble.ms);
  troublemaker.stop();

  const drained = await drain(world, customers);
  const violations = [...drained, ...(await judge(world, customers))];
  await close(world, violations);
  return { violations, messages: world.recorder.messages.length, turns: world.recorder.turns.length };
}

/**
 * Without faults everything comes to its end: three leases later all is over, or there is work, which shows in a turn in
 * every lease; and what there is to do here never takes sixty.
 */
async function drain(world: World, customers: readonly Customer[]): Promise<Violation[]> {
  const { clock } = world;
  const calmAt = clock.monotonic();
  for (;;) {
    const left = await whatIsLeft(world, customers);
    const passed = clock.monotonic() - calmAt;
    if (left.length === 0) return [];
    const isIdle = clock.monotonic() - world.recorder.workedAt > LEASE_MS;
    if (passed >= 3 * LEASE_MS && (isIdle || passed >= 60 * LEASE_MS))
      return left.map((what) => ({ promise: "drains", detail: `${what} after ${passed} ms of calm` }));
    await clock.advance(100);
  }
}

async function whatIsLeft({ store, recorder }: World, customers: readonly Customer[]): Promise<string[]> {
  const unsubmitted = customers.filter(({ answers }) => answers.length === 0);
  const runs = await store.loadRuns([...recorder.submitted.values()].flat());
  const running = runs.filter(({ status }) => status === "running");
  return [...unsubmitted.map(({ key }) => `${key} was not accepted`), ...running.map(({ id }) => `run ${id} goes on`)];
}

async function judge(world: World, customers: readonly Customer[]): Promise<Violation[]> {
  const { recorder, store, plan, sometimes, processes } = world;
  const histories = await readHistories(recorder, store, new Cast(NOWHERE));
  for (const run of histories.map(({ run }) => run as RunRow)) noteEnd(run, sometimes);
  return [
    ...histories.flatMap(checkRun),
    ...customers.flatMap((customer) =>
      checkSubmission(customer, recorder.submitted.get(customer.key) ?? [], plan.settings.retentionMs !== undefined),
    ),
    ...recorder.check.violations,
    ...world.witness.violations,
    ...processes.flatMap(({ watch }) => watch.violations),
    ...checkStreams(world),
  ];
}

function noteEnd({ status, error }: RunRow, sometimes: SometimeCounts): void {
  if (status === "finished") sometimes["a run finished"] += 1;
  if (status === "quiescent") sometimes["a run came to rest"] += 1;
  if (status === "failed") sometimes["a run failed"] += 1;
  if (status === "cancelled") sometimes["a run was cancelled"] += 1;
  if (error?.startsWith("limit_reached")) sometimes["a run went over its turns"] += 1;
}

/** For a cast of which only the names are looked at. */
const NOWHERE: Stage = {
  seed: 0,
  clock: simulatedClock(),
  witness: () => undefined,
  mistaken: () => undefined,
  answered: () => undefined,
};

/** A key is one run, and that is the one of which the customer was told. */
function checkSubmission({ key, answers }: Customer, made: readonly string[], keepsNothing: boolean): Violation[] {
  const found: Violation[] = [];
  // A key is known for as long as its run is kept.
  if (made.length > 1 && !keepsNothing) found.push({ promise: "one run a key", detail: `${key} made ${made}` });
  for (const id of answers)
    if (!made.includes(id)) found.push({ promise: "one run a key", detail: `${key}: nobody made ${id}` });
  return found;
}

/** What a process showed is what was committed. */
function checkStreams({ processes, recorder }: World): Violation[] {
  const logged = new Map(recorder.messages.map((row) => [`${recorder.nameOf(row.channel)}:${row.seq}`, row.kind]));
  return processes.flatMap(({ name, watch }) =>
    watch.messages
      .filter(({ channel, seq, kind }) => logged.get(`${channel}:${seq}`) !== kind)
      .map(({ channel, seq, kind }) => ({
        promise: "true stream",
        detail: `${name} showed ${channel}:${seq} ${kind}`,
      })),
  );
}

/** Closing works from any state, and ends. */
async function close(world: World, violations: Violation[]): Promise<void> {
  const left = world.alive.map((worker) => {
    let closed = false;
    void (worker.closing ?? worker.runtime.close()).then(() => {
      closed = true;
    });
    return { worker, isClosed: () => closed };
  });
  await world.clock.advance(3 * LEASE_MS);
  for (const { worker, isClosed } of left)
    if (!isClosed()) violations.push({ promise: "closes", detail: `${worker.name} does not end` });
}
