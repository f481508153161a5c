import type { Violation } from "../history/history.ts";
import { type Checked, checkStore } from "./check-store.ts";
import { Execution } from "./execution.ts";
import { FAULT_NAMES, FAULTS, type FaultName } from "./faults/faults.ts";
import { type Counts, figureOf, type Goal, goalsOf, shortOf } from "./goals.ts";
import { type OpenStage, openStage } from "./open-stage.ts";
import type { ChaosOptions } from "./options.ts";
import { diceFrom, scheduleOf } from "./schedule.ts";
import { answersWithin, askOnce } from "./stage.ts";

export interface Outcome {
  readonly goals: readonly Goal[];
  /** Faults that cannot be done here, and why. */
  readonly leftOut: Readonly<Partial<Record<FaultName, string>>>;
  readonly violations: readonly Violation[];
  /** What there was to check. */
  readonly checked: Checked;
  /** From the last fault, all of them mended and the database there, to the end of the last run. */
  readonly drainMs: number;
}

const REPORT_MS = 5_000;
const RECOVERY_MS = 60_000;
/** How long the runs may take to end once the faults are over, before they are taken for stuck. */
const PATIENCE_MS = 60_000;
const DRAIN_LEASES = 3;
/** Of the time, at most: for what chance has left short. */
const MAKE_UP_SHARE = 0.25;
const MOST_TROUBLES = 100;

/** Lets it all happen, and checks what is left. */
export async function drive(options: ChaosOptions, say: (line: string) => void, stop: AbortSignal): Promise<Outcome> {
  const { faults, seed, totalMs, pace, leaseMs } = options;
  const hours = (totalMs * pace) / 3_600_000;
  const counts: Counts = { faults: zeros(), fenced: 0, unknown: 0, messages: 0 };
  const troubles: Violation[] = [];
  const note = (promise: string, detail: string) => {
    if (troubles.length < MOST_TROUBLES) troubles.push({ promise, detail });
  };
  await using stage = await openStage(options, {
    hear(said) {
      if (said.type === "fenced") counts.fenced += 1;
      if (said.type === "no_answer") counts.unknown += 1;
      if (said.type === "trouble") note("no trouble", said.text);
    },
    unknownCommit: () => {
      counts.unknown += 1;
    },
    died: (how) => note("no worker dies by itself", how),
  });
  const leftOut = missingOf(faults, stage);
  const planned = faults.filter((name) => leftOut[name] === undefined);
  for (const [name, why] of Object.entries(leftOut)) say(`left out: ${FAULTS[name as FaultName].what} (${why})`);

  await untilAllJoined(stage, troubles);
  stage.outside.start(options.customers);
  const started = performance.now();
  const reporting = setInterval(() => void report(stage, counts, started, say), REPORT_MS);
  const execution = new Execution(stage, counts.faults, stop, options.verbose ? say : () => undefined);
  await execution.keep(scheduleOf(planned, totalMs, pace, seed), totalMs);
  await execution.makeUp(() => shortOf(goalsOf(counts, planned, hours)), diceFrom(seed), totalMs * MAKE_UP_SHARE);
  clearInterval(reporting);
  stop.throwIfAborted();
  for (const link of stage.links) link.heal();
  await answersWithin(stage.url, RECOVERY_MS);
  say("the faults are over");
  const drainMs = await drain(stage, note);
  for (const what of stage.outside.hung) note("calls come back", `a ${what} from outside did not`);
  if (drainMs > DRAIN_LEASES * leaseMs) note("drains within three leases", `${Math.round(drainMs)} ms`);
  say(`drained in ${Math.round(drainMs)} ms; checking`);
  counts.messages = await messagesIn(stage.url);
  const { violations, checked } = await checkStore(stage.url, stage.witness, stage.outside.errands);
  checked["calls from outside that were not answered"] = stage.outside.unknownCalls;
  return {
    goals: goalsOf(counts, planned, hours),
    leftOut,
    violations: [...troubles, ...violations],
    checked,
    drainMs,
  };
}

async function untilAllJoined({ crew }: OpenStage, troubles: readonly Violation[]): Promise<void> {
  for (const member of crew.members) {
    if ((await crew.pick((able) => able === member, PATIENCE_MS)) !== undefined) continue;
    throw new Error(`a worker did not join\n${troubles.map(({ detail }) => detail).join("\n")}`);
  }
}

/** No more work comes; how long it takes until all that is under way has ended. */
async function drain({ outside }: OpenStage, note: (promise: string, detail: string) => void): Promise<number> {
  const started = performance.now();
  const finished = outside.finish();
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    late = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([finished, patience]);
  clearTimeout(late);
  for (const { key, sort, run } of outside.open)
    note("drains", `${key} (${sort}, ${run ?? "never submitted"}) has not ended`);
  return performance.now() - started;
}

async function report(stage: OpenStage, counts: Counts, started: number, say: (line: string) => void): Promise<void> {
  counts.messages = await messagesIn(stage.url).catch(() => counts.messages);
  const seconds = Math.round((performance.now() - started) / 1_000);
  const { open, errands } = stage.outside;
  say(
    [
      `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, "0")}`,
      `kills ${figureOf("kills", counts)}`,
      `pauses ${figureOf("pauses", counts)}, fenced ${counts.fenced}`,
      `restarts ${figureOf("restarts", counts)}`,
      `cuts ${figureOf("cuts", counts)}, unknown ${counts.unknown}`,
      `messages ${counts.messages.toLocaleString("en")}`,
      `runs ${errands.length}, open ${open.length}`,
    ].join("  "),
  );
}

async function messagesIn(url: string): Promise<number> {
  const statement = "select coalesce(sum(messages), 0) as messages from troupe.runs";
  const [row] = await askOnce<{ messages: string }>(url, statement);
  return Number(row?.messages ?? 0);
}

function missingOf(names: readonly FaultName[], stage: OpenStage): Partial<Record<FaultName, string>> {
  const missing: Partial<Record<FaultName, string>> = {};
  for (const name of names) {
    const fault = FAULTS[name];
    const why = "missing" in fault ? fault.missing(stage) : undefined;
    if (why !== undefined) missing[name] = why;
  }
  return missing;
}

function zeros(): Record<FaultName, number> {
  return Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Record<FaultName, number>;
}
