/**
 * Bytes that are overwritten in place. What callers pass in may be a slice of a much larger buffer, which keeping it
 * would pin; and an actor's state is written with every turn, so a fresh array each time is work for the collector.
 */
export interface KeptBytes {
  space: Uint8Array;
  length: number;
}

const ROUND_TO = 32;

export function keepBytes(bytes: Uint8Array): KeptBytes {
  const kept = { space: new Uint8Array(roundUp(bytes.length)), length: 0 };
  overwrite(kept, bytes);
  return kept;
}

export function overwrite(kept: KeptBytes, bytes: Uint8Array): void {
  const size = bytes.length;
  // A state that shrank for good gives its space back.
  if (size > kept.space.length || size * 4 < kept.space.length - ROUND_TO) kept.space = new Uint8Array(roundUp(size));
  kept.space.set(bytes);
  kept.length = size;
}

/** A copy, since what is kept will be overwritten. */
export function copyOf(kept: KeptBytes): Uint8Array {
  return kept.space.slice(0, kept.length);
}

function roundUp(size: number): number {
  return Math.ceil(size / ROUND_TO) * ROUND_TO;
}

/** A copy of its own. `slice` would not do: a Node Buffer's is a view. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
