import type { Doorbell } from "@troupe/core";

/** NOTIFY takes less than 8,000 bytes. */
const MAX_BYTES = 7_900;

/** Several bells in one notification: who rang, shards, runs. */
type Payload = readonly [origin: string, shards: readonly number[], runs: readonly string[]];

/** Bells as notifications, as few as their size allows. Each bell rings once. */
export function packBells(origin: string, bells: readonly Doorbell[]): string[] {
  const shards = new Set<number>();
  const runs = new Set<string>();
  for (const bell of bells) {
    if (bell.about === "shard") shards.add(bell.shard);
    else runs.add(bell.run);
  }
  return split(origin, [...shards], [...runs]);
}

function split(origin: string, shards: readonly number[], runs: readonly string[]): string[] {
  const bells = shards.length + runs.length;
  if (bells === 0) return [];
  const payload: Payload = [origin, shards, runs];
  const text = JSON.stringify(payload);
  if (Buffer.byteLength(text) <= MAX_BYTES) return [text];
  // One bell that is too large by itself: nothing depends on it.
  if (bells === 1) return [];
  const half = (length: number) => Math.ceil(length / 2);
  return [
    ...split(origin, shards.slice(0, half(shards.length)), runs.slice(0, half(runs.length))),
    ...split(origin, shards.slice(half(shards.length)), runs.slice(half(runs.length))),
  ];
}

/** The bells of a notification that another process sent; none for what is not ours, or makes no sense. */
export function unpackBells(origin: string, text: string): Doorbell[] {
  let payload: Payload;
  try {
    payload = JSON.parse(text) as Payload;
  } catch {
    return [];
  }
  if (!Array.isArray(payload) || payload[0] === origin) return [];
  const [, shards = [], runs = []] = payload;
  return [
    ...shards.map((shard): Doorbell => ({ about: "shard", shard })),
    ...runs.map((run): Doorbell => ({ about: "run", run })),
  ];
}
