import type { Violation } from "../history/history.ts";
import { placeOf, type Sighting } from "./witness.ts";

/** What the witness saw of some runs. */
export interface Testimony {
  readonly violations: readonly Violation[];
  readonly effects: number;
  /** Effects that happened again, since the first time was not durable when its worker died or lost its shard. */
  readonly repeats: number;
  /** Of those, effects of workers that others had gone on without: no fence holds what is done outside. */
  readonly late: number;
}

/** The steps of one job, in their order. */
const STEPS = ["first", "second"];

/**
 * Holds what was seen, in the order in which it was, against what is promised of steps. An effect begins only when those
 * before it in its turn are durable, and a turn only when the one before it is. So for each actor:
 * - a worker that has kept the shard never does a thing again, nor an earlier one;
 * - when a later effect was seen, an earlier one is durable: only a worker that lost the shard meanwhile, and does not know
 *   yet, may still do it. It does so once: its next step would wait for the result to be durable, in vain;
 * - a turn's second effect has the proof of the first: the one that was remembered, whoever goes on.
 */
export function checkEffects(sightings: readonly Sighting[]): Testimony {
  const violations: Violation[] = [];
  const note = (detail: string) => violations.push({ promise: "steps remembered", detail });
  let [repeats, late] = [0, 0];
  const actors = Map.groupBy(sightings, ({ key }) => placeOf(key).actor);
  for (const seen of actors.values()) {
    const lives = new Map<string, { last: number; isLate: boolean }>();
    const keys = new Set<string>();
    let newest = -1;
    for (const { key, life } of seen) {
      const place = numberOf(key);
      const mine = lives.get(life);
      if (keys.has(key)) repeats += 1;
      keys.add(key);
      if (mine !== undefined && place <= mine.last) note(`${life} did ${key} again`);
      if (mine?.isLate) note(`${life} did ${key} although its shard was another's`);
      const isLate = place < newest;
      if (isLate) late += 1;
      lives.set(life, { last: place, isLate });
      newest = Math.max(newest, place);
    }
    checkProofs(seen, note);
  }
  return { violations, effects: sightings.length, repeats, late };
}

function checkProofs(seen: readonly Sighting[], note: (detail: string) => void): void {
  const firsts = new Map<string, Set<string>>();
  const seconds = new Map<string, string>();
  for (const { key, proof } of seen) {
    const { actor, turn, step } = placeOf(key);
    const job = `${actor}:${turn}`;
    if (step === "first") firsts.set(job, (firsts.get(job) ?? new Set()).add(proof));
    else if (firsts.get(job)?.has(proof) !== true) note(`${key} has a proof that nobody gave: ${proof}`);
    else if ((seconds.get(job) ?? proof) !== proof) note(`${key} has two proofs: ${seconds.get(job)} and ${proof}`);
    else seconds.set(job, proof);
  }
}

/** Where in its actor's life an effect stands. */
function numberOf(key: string): number {
  const { turn, step } = placeOf(key);
  return turn * STEPS.length + STEPS.indexOf(step);
}
