import { atLeast, type Benchmark } from "../benchmark.ts";
import { SHAPES, type Shape } from "./in-memory/shapes.ts";
import { measureInTurns } from "./in-turns.ts";
import { closest, type Standing, standingTable } from "./standing.ts";
import type { Candidate } from "./systems.ts";

interface MemoryTells {
  readonly shape: Shape;
  readonly standings: readonly Standing[];
}

/** Tells a second of actors of which nothing is kept. */
export function memoryTells(candidates: readonly Candidate[]): Benchmark<readonly MemoryTells[]> {
  return {
    name: "memory",
    async measure(lab) {
      const found: MemoryTells[] = [];
      for (const shape of SHAPES) {
        lab.say(`in memory, ${shape}`);
        found.push({ shape, standings: await measureInTurns(lab, candidates, () => Promise.resolve([shape])) });
      }
      return found;
    },
    lines: (found) =>
      found.flatMap(({ shape, standings }, place) => [
        ...(place > 0 ? [""] : []),
        ...standingTable(`tells in memory, ${shape}`, standings, false),
      ]),
    aims: (found) =>
      found.flatMap(({ shape, standings }) => {
        const peer = closest(standings, "any");
        return peer ? [atLeast(`in memory, ${shape}: to the best peer (${peer.name})`, 1, peer.ratio)] : [];
      }),
  };
}
