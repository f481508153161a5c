import { seededRandom } from "@troupe/testing";

/** Chance that is the same whenever the same turn is tried again: what happens before a park must not change. */
export function diceOf(address: string, n: number) {
  let seed = n;
  for (let place = 0; place < address.length; place++) seed = Math.imul(seed ^ address.charCodeAt(place), 0x01000193);
  const random = seededRandom(seed >>> 0);
  return {
    chance: (share: number) => random.next() < share,
    /** A whole number from `from` to `to`. */
    between: (from: number, to: number) => from + Math.floor(random.next() * (to - from + 1)),
  };
}
