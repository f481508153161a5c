import { readFile } from "node:fs/promises";

/** A line of the witness file: a step that ran. */
export interface Sighting {
  readonly actor: string;
  /** Number of the job. */
  readonly n: number;
  readonly step: "first" | "second";
  /** What the job's first step gave; the second got it from memory if it ran in another process. */
  readonly proof: string;
  readonly pid: number;
}

export interface Testimony {
  /** What must not be: a remembered step that ran again, a job out of order, a result that changed. */
  readonly wrongs: readonly string[];
  /** Steps that ran again because a process died, or was cut off, before their result was durable. */
  readonly repeats: number;
  /** The most of those that befell one actor. */
  readonly mostRepeats: number;
  readonly jobs: number;
}

const STEPS = ["first", "second"] as const;

/**
 * Reads what the steps have written. A step starts only when the one before it is durable, so once a later line of an
 * actor exists, an earlier step of it has been remembered and must never be seen again.
 */
export async function readWitness(file: string): Promise<Testimony> {
  const wrongs: string[] = [];
  const latest = new Map<string, Sighting>();
  const repeats = new Map<string, number>();
  // A worker that was stopped may write a line once others are further on: no fence holds what is done outside.
  const jobs = new Set<string>();
  for (const line of (await readFile(file, "utf8")).trimEnd().split("\n")) {
    const seen = JSON.parse(line) as Sighting;
    const before = latest.get(seen.actor);
    const [place, last] = [placeOf(seen), before === undefined ? -1 : placeOf(before)];
    if (place === last) repeats.set(seen.actor, (repeats.get(seen.actor) ?? 0) + 1);
    else if (place !== last + 1) wrongs.push(`${line} after ${JSON.stringify(before)}`);
    if (seen.step === "second" && seen.proof !== before?.proof)
      wrongs.push(`${line} has another proof than ${before?.proof}`);
    if (seen.step === "second") jobs.add(`${seen.actor} ${seen.n}`);
    latest.set(seen.actor, seen);
  }
  const counts = [...repeats.values()];
  const sum = counts.reduce((total, count) => total + count, 0);
  return { wrongs, repeats: sum, mostRepeats: Math.max(0, ...counts), jobs: jobs.size };
}

function placeOf({ n, step }: Sighting): number {
  return (n - 1) * STEPS.length + STEPS.indexOf(step);
}
