import { join } from "node:path";
import { atMost, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { runProgram } from "../program.ts";
import { median } from "../round.ts";
import { table, whole } from "../table.ts";
import { callsOf, criticalPath, makeSociety, type Pace } from "./society.ts";
import type { SocietyTime } from "./society-process.ts";

interface Found {
  readonly agents: number;
  readonly ministries: number;
  readonly calls: number;
  /** Milliseconds that the longest chain of calls takes. */
  readonly ideal: number;
  /** Milliseconds from the submission to the result, by rounds. */
  readonly times: readonly number[];
}

/** The pace of real models. */
const PACE: Pace = { leastMs: 200, mostMs: 2_000 };
const QUICK: Pace = { leastMs: 2, mostMs: 20 };

/** MegaAgent's policy simulation in its shape and size, and then larger, on PostgreSQL; beside the longest chain of its calls. */
export const policySimulation = benchmark<readonly Found[]>({
  name: "policy",
  async measure(lab) {
    const sizes = lab.sizes([590, 10_000], [30]);
    const times = new Map(sizes.map((agents) => [agents, [] as number[]]));
    for (let round = 1; round <= lab.rounds(3); round++) {
      for (const agents of sizes) {
        lab.say(`a policy simulation of ${whole(agents)} agents, round ${round}`);
        times.get(agents)?.push((await simulate(lab, agents)).ms);
      }
    }
    return sizes.map((agents) => {
      const society = makeSociety(agents, paceOf(lab));
      const ideal = criticalPath(society);
      const ministries = society.ministries.length;
      return { agents, ministries, calls: callsOf(society), ideal, times: times.get(agents) ?? [] };
    });
  },
  lines(found) {
    const rows = found.map(({ agents, ministries, calls, ideal, times }) => [
      ...[agents, ministries, calls, ideal, median(times)].map(whole),
      ...[median(times), Math.min(...times), Math.max(...times)].map((ms) => (ms / ideal).toFixed(3)),
    ]);
    const head = ["agents", "ministries", "calls", "ideal ms", "ms", "ratio", "min", "max"];
    return ["policy simulation on PostgreSQL", ...table([head, ...rows])];
  },
  aims: (found) =>
    found.map(({ agents, ideal, times }) =>
      atMost(`policy simulation, ${whole(agents)} agents: time to the ideal`, 1.1, median(times) / ideal),
    ),
});

async function simulate(lab: Lab, agents: number): Promise<SocietyTime> {
  await using database = await lab.freshDatabase();
  const { leastMs, mostMs } = paceOf(lab);
  const orders = [database.url, ...[agents, leastMs, mostMs].map(String)];
  return await runProgram<SocietyTime>(lab, join(import.meta.dirname, "society-process.ts"), orders);
}

function paceOf({ quick }: Lab): Pace {
  return quick ? QUICK : PACE;
}
