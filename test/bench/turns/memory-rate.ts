import { memoryStore, systemClock } from "@troupe/core";
import { median, rateOf } from "../round.ts";
import type { Pace } from "./compare.ts";
import { RuntimeLoad } from "./runtime-load.ts";

export interface MemoryRate {
  readonly active: number;
  /** Turns a second: median, least and most of the rounds. */
  readonly turns: number;
  readonly min: number;
  readonly max: number;
  /** Turns a second of the thread's own time: what a machine without other work would show. */
  readonly perCpu: number;
}

const LONGEST_MS = 500;

/** How fast the runtime is where the store costs next to nothing. That store keeps all, so each round gets a new one. */
export async function memoryRate(active: number, { rounds, roundMs, profile }: Pace): Promise<MemoryRate> {
  const ms = Math.min(roundMs, LONGEST_MS);
  const rates: number[] = [];
  const perCpu: number[] = [];
  while (rates.length < rounds) {
    const store = memoryStore({ clock: systemClock });
    const load = await RuntimeLoad.start(store, active);
    await load.round(ms);
    const round = await load.round(ms);
    rates.push(rateOf(round));
    perCpu.push((round.turns / round.cpuMs) * 1_000);
    if (rates.length === rounds) await profile?.(() => load.round(ms));
    await load.close();
    await store.close();
  }
  return { active, turns: median(rates), min: Math.min(...rates), max: Math.max(...rates), perCpu: median(perCpu) };
}
