import { setImmediate as breathe } from "node:timers/promises";
import type { Measured, System } from "../system.ts";

/** A ring of actors in which a token is under way at every place; or one sender that tells one counter as fast as it can. */
export type Shape = "ring" | "flood";
export const SHAPES: readonly Shape[] = ["ring", "flood"];

export type StartInMemory = (shape: Shape) => System | Promise<System>;

/** Actors in a ring, and tokens. */
export const ACTIVE = 256;
/** Hops of each token in one chunk. */
export const HOPS = 200;
/** Tells of a flood in one chunk. */
export const TELLS = 20_000;

/** Rounds of what is given work by the chunk, since it may hear no timer while it is at one. The chunk says how many tells it was. */
export function inChunks(chunk: () => Promise<number> | number): System {
  return {
    async round(ms): Promise<Measured> {
      const started = performance.now();
      let [hops, now] = [0, started];
      while (now - started < ms) {
        hops += await chunk();
        await breathe();
        now = performance.now();
      }
      return { ms: now - started, hops, gaps: [] };
    },
  };
}
