import { atLeast, benchmark } from "../benchmark.ts";
import { table, whole } from "../table.ts";
import { paceOf } from "./compare.ts";
import { type MemoryRate, memoryRate } from "./memory-rate.ts";

/** The same turns where the store costs next to nothing. */
export const memoryTurns = benchmark<readonly MemoryRate[]>({
  name: "memory",
  async measure(lab) {
    const found: MemoryRate[] = [];
    for (const active of lab.sizes([256, 2_048], [16])) {
      lab.say(`turns on the store in memory, ${active} active`);
      found.push(await memoryRate(active, paceOf(lab, `memory-${active}`)));
    }
    return found;
  },
  lines(found) {
    const rows = found.map(({ active, turns, min, max, perCpu }) => [active, turns, min, max, perCpu].map(whole));
    return ["memory", ...table([["active", "turns/s", "min", "max", "per CPU s"], ...rows])];
  },
  aims: (found) =>
    found
      .filter(({ active }) => active === 256)
      .map(({ turns }) => atLeast("memory, 256 active: turns/s", 300_000, turns, whole)),
});
