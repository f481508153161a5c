import { atMost, benchmark, type Runnable } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { median } from "../round.ts";
import { table, whole } from "../table.ts";
import type { RingPlan } from "../turns/rings.ts";
import { Load } from "./load.ts";
import type { Said } from "./load-process.ts";

/** One way to grow, while as many actors are active as before. */
export interface GrowthPlan {
  readonly name: string;
  /** What there is more and more of. */
  readonly what: string;
  readonly usual: readonly number[];
  readonly quick: readonly number[];
  /** Rings with so many tokens in all. */
  rings(size: number, active: number): readonly RingPlan[];
  /** What has to be in the database before. */
  prepare?(url: string, size: number, active: number): Promise<void>;
}

interface Found {
  readonly size: number;
  /** Medians of the rounds. */
  readonly turns: number;
  /** Microseconds a turn, and of them those in which the worker's thread had a processor. */
  readonly cost: number;
  readonly cpu: number;
  /** Cost to that of the smallest size in the same round. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
}

/** Many short rounds: a size has to be compared with another that was measured seconds before. */
const ROUNDS = 11;
const ROUND_MS = 500;
const ACTIVE = 1_000;
const QUICK_ACTIVE = 12;

/** Measures what a turn costs at each size, on PostgreSQL: each has a process and a database of its own, and rounds go in turns. */
export function growthOf(plan: GrowthPlan): Runnable {
  return benchmark<readonly Found[]>({
    name: plan.name,
    async measure(lab) {
      const sizes = lab.sizes(plan.usual, plan.quick);
      await using stack = new AsyncDisposableStack();
      const loads: Load[] = [];
      for (const size of sizes) loads.push(await start(lab, plan, size, stack));
      const rounds: Said[][] = [];
      for (let round = 0; round <= lab.rounds(ROUNDS); round++) {
        lab.say(
          `turns with ${sizes.map(whole).join(", ")} ${plan.what}, ${round === 0 ? "warm-up" : `round ${round}`}`,
        );
        const said: Said[] = [];
        for (const load of loads) said.push(await load.round(lab.roundMs(ROUND_MS)));
        if (round > 0) rounds.push(said);
      }
      return sizes.map((size, place) => summarise(size, rounds, place));
    },
    lines(found) {
      const rows = found.map(({ size, turns, cost, cpu, ratio }) => [
        whole(size),
        whole(turns),
        cost.toFixed(1),
        cpu.toFixed(1),
        ...[ratio.median, ratio.min, ratio.max].map((value) => value.toFixed(2)),
      ]);
      const head = [plan.what, "turns/s", "µs a turn", "of the thread", "ratio", "min", "max"];
      return [`as the number of ${plan.what} grows`, ...table([head, ...rows])];
    },
    aims(found) {
      const worst = Math.max(...found.map(({ ratio }) => ratio.median));
      return [atMost(`cost of a turn as the number of ${plan.what} grows, to that at the least`, 1.2, worst)];
    },
  });
}

async function start(lab: Lab, plan: GrowthPlan, size: number, stack: AsyncDisposableStack): Promise<Load> {
  lab.say(`${whole(size)} ${plan.what} are made`);
  const active = lab.quick ? QUICK_ACTIVE : ACTIVE;
  const database = stack.use(await lab.freshDatabase());
  await plan.prepare?.(database.url, size, active);
  return stack.use(await Load.start(lab, database.url, plan.rings(size, active)));
}

function summarise(size: number, rounds: readonly (readonly Said[])[], place: number): Found {
  const own = rounds.map((said) => said[place] as Said);
  const costs = own.map(costOf);
  const ratios = costs.map((cost, round) => cost / costOf(rounds[round]?.[0] as Said));
  return {
    size,
    turns: median(own.map(({ turns, ms }) => (turns / ms) * 1_000)),
    cost: median(costs),
    cpu: median(own.map(({ cpuMs, turns }) => (cpuMs / turns) * 1_000)),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
  };
}

function costOf({ ms, turns }: Said): number {
  return (ms / turns) * 1_000;
}
