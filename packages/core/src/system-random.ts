import type { Random } from "./ports/random.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 16;
/** The largest multiple of 36 in a byte; what lies above would make some letters likelier. */
const FAIR = 252;

// A call for randomness costs far more than a byte of it, so bytes are drawn by the page.
const page = new Uint8Array(4096);
let used = page.length;

function nextByte(): number {
  if (used === page.length) {
    crypto.getRandomValues(page);
    used = 0;
  }
  return page[used++] as number;
}

/** Randomness from the system. An id has 82 bits of it. */
export const systemRandom: Random = {
  next() {
    // 53 bits, the most that a number in [0, 1) can hold.
    const high = ((nextByte() << 16) | (nextByte() << 8) | nextByte()) * 2 ** 29;
    const low = ((nextByte() << 24) | (nextByte() << 16) | (nextByte() << 8) | nextByte()) >>> 3;
    return (high + low) / 2 ** 53;
  },
  id() {
    let id = "";
    while (id.length < ID_LENGTH) {
      const byte = nextByte();
      if (byte < FAIR) id += LETTERS[byte % LETTERS.length];
    }
    return id;
  },
};
