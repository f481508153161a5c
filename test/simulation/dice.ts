import { seededRandom } from "@troupe/testing";

/** Chance that follows from what it was made of. */
export interface Dice {
  next(): number;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(of: readonly [T, ...T[]]): T;
}

export function diceOf(...parts: readonly (number | string)[]): Dice {
  const random = seededRandom(hashOf(parts.join(" ")));
  const next = () => random.next();
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (of) => of[int(0, of.length - 1)] as (typeof of)[0],
  };
}

/** Two FNV-1a sums side by side: 53 bits, so that a million worlds do not share their dice. */
function hashOf(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(i), 0x85ebca6b);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
