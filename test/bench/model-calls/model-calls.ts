import { join } from "node:path";
import { atMost, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { runProgram } from "../program.ts";
import { median } from "../round.ts";
import { table, whole } from "../table.ts";
import type { CallMemory, CallTime } from "./call-process.ts";
import type { Threads } from "./thread-process.ts";

const WAYS = ["bare", "memory", "PostgreSQL"] as const;
type Way = (typeof WAYS)[number];

interface WayFound {
  readonly way: Way;
  /** Until the last call was answered and, by agents, that was durable; the median. */
  readonly ms: number;
  /** To the bare calls of the same round. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly memory: CallMemory;
}

interface Found {
  readonly calls: number;
  readonly ways: readonly WayFound[];
  readonly threads: Threads;
}

/** Threads take twenty seconds of the machine at most. */
const THREADS_MS = 20_000;

/**
 * Calls to a model all at once, each a stream of 20 tokens over one to two seconds: as promises with nothing around them,
 * as steps of agents, and in threads. Each measurement has a process of its own.
 */
export const modelCalls = benchmark<readonly Found[]>({
  name: "calls",
  async measure(lab) {
    const found: Found[] = [];
    for (const calls of lab.sizes([10_000], [8])) found.push(await measureCalls(lab, calls));
    return found;
  },
  lines: (found) => found.flatMap(linesOf),
  aims: (found) =>
    found
      .filter(({ calls }) => calls >= 10_000)
      .flatMap(({ calls, ways }) =>
        ways
          .filter(({ way }) => way !== "bare")
          .map(({ way, ratio }) =>
            atMost(`${whole(calls)} model calls at once on ${way}: time to that of bare promises`, 1.2, ratio.median),
          ),
      ),
});

async function measureCalls(lab: Lab, calls: number): Promise<Found> {
  const rounds: Readonly<Record<Way, number>>[] = [];
  for (let round = 1; round <= lab.rounds(); round++) {
    lab.say(`${whole(calls)} model calls at once, round ${round}`);
    const times = { bare: 0, memory: 0, PostgreSQL: 0 };
    for (const way of WAYS) times[way] = (await runCalls<CallTime>(lab, way, "time", calls)).ms;
    rounds.push(times);
  }
  lab.say(`${whole(calls)} model calls at once, their memory, and threads`);
  const ways: WayFound[] = [];
  for (const way of WAYS) {
    const ratios = rounds.map((times) => times[way] / times.bare);
    ways.push({
      way,
      ms: median(rounds.map((times) => times[way])),
      ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
      memory: await runCalls<CallMemory>(lab, way, "weigh", calls),
    });
  }
  const program = join(import.meta.dirname, "thread-process.ts");
  return {
    calls,
    ways,
    threads: await runProgram<Threads>(lab, program, [String(calls), leastMs(lab), String(THREADS_MS)]),
  };
}

async function runCalls<Said>(lab: Lab, way: Way, task: "time" | "weigh", calls: number): Promise<Said> {
  const program = join(import.meta.dirname, "call-process.ts");
  const run = (how: string) => runProgram<Said>(lab, program, [how, task, String(calls), leastMs(lab)]);
  if (way !== "PostgreSQL") return run(way);
  await using database = await lab.freshDatabase();
  return await run(database.url);
}

/** How long the shortest call takes. */
function leastMs({ quick }: Lab): string {
  return quick ? "20" : "1000";
}

function linesOf({ calls, ways, threads }: Found): string[] {
  const rows = ways.map(({ way, ms, ratio, memory }) => [
    way,
    whole(ms),
    ratio.median.toFixed(2),
    ratio.min.toFixed(2),
    ratio.max.toFixed(2),
    whole(memory.resident),
    whole(memory.live),
    whole(memory.callerLive),
  ]);
  const { started, stoppedBy, resident, startMs, wouldFit } = threads;
  const why = { done: "", memory: ", when half of the free memory was used", time: ", when time was over", error: "" };
  return [
    `${whole(calls)} model calls at once`,
    ...table([["", "ms", "ratio", "min", "max", "bytes/call", "live", "idle caller"], ...rows]),
    `threads: ${whole(started)} started in ${(startMs / 1_000).toFixed(1)} s${why[stoppedBy]}${stoppedBy === "error" ? ", then one failed to" : ""}; ${(resident / 2 ** 20).toFixed(1)} MB each, so that ${whole(wouldFit)} would fit`,
  ];
}
