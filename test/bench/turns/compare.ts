import type { Store } from "@troupe/core";
import type { Lab } from "../lab.ts";
import { median, percentile, type Round, rateOf } from "../round.ts";
import { BareLoad } from "./bare-load.ts";
import { RuntimeLoad } from "./runtime-load.ts";

/** Two stores of the same sort that share nothing but their server. */
export interface StorePair {
  readonly runtime: Store;
  readonly bare: Store;
}

export interface Pace {
  readonly rounds: number;
  readonly roundMs: number;
  /** One more round of the runtime, to look into. */
  readonly profile?: ((round: () => Promise<Round>) => Promise<void>) | undefined;
}

export function paceOf(lab: Lab, name: string): Pace {
  return { rounds: lab.rounds(), roundMs: lab.roundMs(), profile: lab.profiler(name) };
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface Comparison {
  readonly active: number;
  /** Turns a second, the median of the rounds. */
  readonly turns: number;
  readonly bareTurns: number;
  /** Of a round of the runtime to the round of the bare store after it. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly turnsPerCommit: number;
  /** How much of the runtime's time a commit was under way. */
  readonly committing: number;
  /** With one token: from one turn to the next. */
  readonly hop: Latency;
  readonly bareCommit: Latency;
}

export async function compareAndClose(stores: StorePair, active: number, pace: Pace): Promise<Comparison> {
  try {
    return await compare(stores, active, pace);
  } finally {
    await Promise.all([stores.runtime.close(), stores.bare.close()]);
  }
}

/** Measures the whole runtime and the bare store in turns: what disturbs the machine disturbs both. */
async function compare(stores: StorePair, active: number, pace: Pace): Promise<Comparison> {
  const { rounds, roundMs, profile } = pace;
  const runtime = await RuntimeLoad.start(stores.runtime, active);
  const bare = await BareLoad.start(stores.bare, active);
  await runtime.round(roundMs);
  await bare.round(roundMs);
  const pairs: { runtime: Round; bare: Round }[] = [];
  while (pairs.length < rounds) pairs.push({ runtime: await runtime.round(roundMs), bare: await bare.round(roundMs) });
  await profile?.(() => runtime.round(roundMs));
  await runtime.close();

  const ratios = pairs.map((pair) => rateOf(pair.runtime) / rateOf(pair.bare));
  const sum = (pick: (round: Round) => number) => pairs.reduce((total, pair) => total + pick(pair.runtime), 0);
  return {
    active,
    turns: median(pairs.map((pair) => rateOf(pair.runtime))),
    bareTurns: median(pairs.map((pair) => rateOf(pair.bare))),
    ratio: { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    turnsPerCommit: sum((round) => round.turns) / sum((round) => round.commits),
    committing: sum((round) => round.committingMs) / sum((round) => round.ms),
    hop: latencyOf(pairs.flatMap((pair) => pair.runtime.hops)),
    bareCommit: latencyOf(pairs.flatMap((pair) => pair.bare.hops)),
  };
}

function latencyOf(values: readonly number[]): Latency {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}
