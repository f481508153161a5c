import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DEFAULT_SETTINGS } from "@troupe/core";
import { Client } from "pg";
import { type Aim, atMost, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { type Population, populate } from "../population/populate.ts";
import { programFlags, runProgram } from "../program.ts";
import { median } from "../round.ts";
import { table, whole } from "../table.ts";
import type { Task, WorkTimes } from "./worker-process.ts";

/** Milliseconds, from when the worker was started, or from the end of the dead one's lease. */
interface Times {
  readonly firstTurn: number;
  readonly allTurns: number;
}

interface Found extends Population {
  readonly startUps: readonly Times[];
  readonly takeOvers: readonly Times[];
}

const PROGRAM = join(import.meta.dirname, "worker-process.ts");

/**
 * A worker that starts where a million actors are known and ten thousand have mail; and one that takes over from a worker
 * that had taken all those turns when it was killed. The lease is the default one.
 */
export const takeOver = benchmark<readonly Found[]>({
  name: "take-over",
  async measure(lab) {
    const found: Found[] = [];
    for (const actors of lab.sizes([1_000_000], [1_000]))
      found.push(await measureOn(lab, { actors, awake: actors / 100 }));
    return found;
  },
  lines: (found) => found.flatMap(linesOf),
  aims: (found) =>
    found
      .filter(({ actors }) => actors >= 1_000_000)
      .flatMap(({ startUps, takeOvers }) => [...aimsOf("start-up", startUps), ...aimsOf("take-over", takeOvers)]),
});

async function measureOn(lab: Lab, population: Population): Promise<Found> {
  lab.say(`${whole(population.actors)} known actors are made`);
  await using original = await lab.freshDatabase();
  await populate(original.url, population);
  const startUps: Times[] = [];
  const takeOvers: Times[] = [];
  for (let round = 1; round <= lab.rounds(3); round++) {
    lab.say(`start-up and take-over with ${whole(population.awake)} turns to take, round ${round}`);
    startUps.push(await startUp(lab, original.url, population));
    takeOvers.push(await takeOverOnce(lab, original.url, population));
  }
  return { ...population, startUps, takeOvers };
}

function linesOf({ actors, awake, startUps, takeOvers }: Found): string[] {
  const row = (what: string, times: readonly Times[]) => [what, ...columnsOf(times)];
  return [
    `${whole(actors)} known actors, ${whole(awake)} with a turn to take (ms, median and worst)`,
    ...table([
      ["", "first turn", "worst", "all turns", "worst"],
      row("from the start of a worker", startUps),
      row("from the end of a killed worker's lease", takeOvers),
    ]),
  ];
}

function aimsOf(what: string, times: readonly Times[]): Aim[] {
  return [
    atMost(`${what}: to the first turn, ms`, 1_000, median(times.map(({ firstTurn }) => firstTurn)), whole),
    atMost(`${what}: to the last turn, ms`, 5_000, median(times.map(({ allTurns }) => allTurns)), whole),
  ];
}

function columnsOf(times: readonly Times[]): string[] {
  return (["firstTurn", "allTurns"] as const).flatMap((what) => {
    const values = times.map((one) => one[what]);
    return [whole(median(values)), whole(Math.max(...values))];
  });
}

async function startUp(lab: Lab, original: string, population: Population): Promise<Times> {
  await using copy = await lab.freshDatabase(original);
  return since(await work(lab, copy.url, population));
}

async function takeOverOnce(lab: Lab, original: string, population: Population): Promise<Times> {
  await using copy = await lab.freshDatabase(original);
  const { url } = copy;
  const killed = spawn(process.execPath, [...programFlags(lab), PROGRAM, ...orders(lab, url, "hold", population)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: killed.stdout });
    const [line] = await Promise.race([once(lines, "line"), once(killed, "close")]);
    if (line !== "null") throw new Error("the worker that was to be killed ended before");
  } finally {
    killed.kill("SIGKILL");
  }
  const leaseEnd = await ask(url, "select max(extract(epoch from expires_at)) * 1000 from troupe.workers");
  return since(await work(lab, url, population), leaseEnd);
}

function work(lab: Lab, url: string, population: Population): Promise<WorkTimes> {
  return runProgram<WorkTimes>(lab, PROGRAM, orders(lab, url, "work", population));
}

function orders({ quick }: Lab, url: string, task: Task, { awake }: Population): string[] {
  return [url, task, String(awake), String(quick ? 1_000 : DEFAULT_SETTINGS.leaseMs)];
}

function since({ startedAt, firstTurnAt, lastTurnAt }: WorkTimes, start = startedAt): Times {
  return { firstTurn: firstTurnAt - start, allTurns: lastTurnAt - start };
}

async function ask(url: string, statement: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query({ text: statement, rowMode: "array" });
  await client.end();
  return Number(rows[0]?.[0]);
}
