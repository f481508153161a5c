import type { Random } from "@troupe/core";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 16;
/** The first outputs still look like the seed. */
const WARM_UP = 20;

/** The same seed, the same numbers and ids. The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state. */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 2 ** 32) | 0;
  let c = 0x9e3779b9;
  let counter = 1;

  function next32(): number {
    const sum = (((a + b) | 0) + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  for (let i = 0; i < WARM_UP; i++) next32();

  return {
    next: () => ((next32() >>> 5) * 2 ** 26 + (next32() >>> 6)) / 2 ** 53,
    id() {
      let id = "";
      while (id.length < ID_LENGTH) id += LETTERS[next32() % LETTERS.length];
      return id;
    },
  };
}
