import { join } from "node:path";
import { atMost, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { runProgram } from "../program.ts";
import { whole } from "../table.ts";
import type { IdleMemory } from "./idle-process.ts";

/** What actors take that have done something once and now wait. */
export const idleActors = benchmark<readonly IdleMemory[]>({
  name: "idle",
  async measure(lab) {
    const found: IdleMemory[] = [];
    for (const actors of lab.sizes([100_000], [200])) {
      found.push(await weigh(lab, "memory", actors));
      await using database = await lab.freshDatabase();
      found.push(await weigh(lab, database.url, actors));
    }
    return found;
  },
  lines: (found) =>
    found.map(
      (idle) =>
        `${whole(idle.actors)} idle actors on ${idle.store}: ${idle.rssMb.toFixed(0)} MB resident (${idle.heapMb.toFixed(0)} of objects, ${idle.buffersMb.toFixed(0)} of buffers), ${whole(bytesEach(idle))} bytes each`,
    ),
  // In memory the store is weighed with them.
  aims: (found) =>
    found
      .filter(({ store, actors }) => store === "PostgreSQL" && actors >= 100_000)
      .map((idle) => atMost(`PostgreSQL: an idle actor resident, bytes`, 2_048, bytesEach(idle), whole)),
});

async function weigh(lab: Lab, spec: string, actors: number): Promise<IdleMemory> {
  lab.say(`${whole(actors)} idle actors on ${spec === "memory" ? spec : "PostgreSQL"}`);
  return runProgram<IdleMemory>(lab, join(import.meta.dirname, "idle-process.ts"), [spec, String(actors)]);
}

function bytesEach({ rssMb, actors }: IdleMemory): number {
  return (rssMb * 2 ** 20) / actors;
}
