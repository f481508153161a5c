import { join } from "node:path";
import { atMost, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { populate } from "../population/populate.ts";
import { runProgram } from "../program.ts";
import { median } from "../round.ts";
import { whole } from "../table.ts";
import type { WorkerMemory } from "./passive-process.ts";

/** Bytes by which a worker grows with each actor that is known and has nothing to do. */
interface Found {
  readonly actors: number;
  readonly resident: number;
  readonly live: number;
}

/** What known but passive actors take: a worker where there are many, beside one where there is none. */
export const passiveActors = benchmark<readonly Found[]>({
  name: "passive",
  async measure(lab) {
    const found: Found[] = [];
    for (const actors of lab.sizes([1_000_000], [200])) found.push(await weigh(lab, actors));
    return found;
  },
  lines: (found) =>
    found.map(
      ({ actors, resident, live }) =>
        `${whole(actors)} passive actors on PostgreSQL: ${resident.toFixed(1)} bytes resident each, ${live.toFixed(1)} of them live`,
    ),
  aims: (found) =>
    found
      .filter(({ actors }) => actors >= 100_000)
      .map(({ live }) => atMost("a known but passive actor, bytes", 1, live)),
});

async function weigh(lab: Lab, actors: number): Promise<Found> {
  lab.say(`${whole(actors)} passive actors are made`);
  await using empty = await lab.freshDatabase();
  await using full = await lab.freshDatabase();
  await populate(full.url, { actors, awake: 0 });
  const grown: WorkerMemory[] = [];
  for (let round = 1; round <= lab.rounds(3); round++) {
    lab.say(`the memory of a worker with ${whole(actors)} passive actors, round ${round}`);
    const [without, withAll] = [await worker(lab, empty.url), await worker(lab, full.url)];
    grown.push({ resident: withAll.resident - without.resident, live: withAll.live - without.live });
  }
  const each = (pick: keyof WorkerMemory) => median(grown.map((memory) => memory[pick])) / actors;
  return { actors, resident: each("resident"), live: each("live") };
}

function worker(lab: Lab, url: string): Promise<WorkerMemory> {
  return runProgram<WorkerMemory>(lab, join(import.meta.dirname, "passive-process.ts"), [url]);
}
