import type { Limits, Settings } from "@troupe/core";
import { type Dice, diceOf } from "./dice.ts";

/** What one seed stands for: a small world, what is to be done in it, and what goes wrong meanwhile. */
export interface Plan {
  readonly seed: number;
  readonly workers: number;
  readonly shards: number;
  readonly settings: Partial<Settings>;
  readonly runs: readonly RunPlan[];
  readonly trouble: TroublePlan;
}

export interface RunPlan {
  readonly key: string;
  readonly limits: Partial<Limits>;
  readonly members: number;
  readonly groups: number;
  /** How many generations of messages follow one. */
  readonly fuel: number;
  /** Milliseconds after the start. */
  readonly at: number;
  /** Cancelled so long after it was submitted. */
  readonly cancelledAfter: number | undefined;
}

/** Chances are from 0 to 1, times in milliseconds; a gap is the mean time between two of a kind, Infinity for never. */
export interface TroublePlan {
  readonly ms: number;
  readonly killGap: number;
  readonly freezeGap: number;
  readonly closeGap: number;
  readonly outageGap: number;
  readonly jumpGap: number;
  readonly lost: number;
  readonly answerLost: number;
  readonly late: number;
  readonly slowMs: number;
  readonly bellsLost: number;
  readonly bellsDoubled: number;
  readonly bellMs: number;
}

export const LEASE_MS = 2_000;

export function planOf(seed: number): Plan {
  const dice = diceOf(seed, "plan");
  const trouble = troubleOf(dice);
  return {
    seed,
    workers: dice.int(1, 4),
    shards: dice.int(1, 5),
    settings: settingsOf(dice),
    runs: Array.from({ length: dice.int(1, 4) }, (_, place) => runOf(dice, place, trouble.ms)),
    trouble,
  };
}

function settingsOf(dice: Dice): Partial<Settings> {
  return {
    leaseMs: LEASE_MS,
    pollMs: dice.int(100, 700),
    idleMs: dice.pick([40, 300, 30_000]),
    turns: dice.pick([1, 3, 16_384]),
    settled: dice.pick([1, 4, 8_192]),
    commitWrites: dice.pick([1, 3, 4_096]),
    mailboxMessages: dice.pick([2, 5, 1_000]),
    outMessages: dice.pick([3, 1_000]),
    turnMs: 400,
    askMs: 600,
    crashes: dice.pick([1, 10, 1_000]),
    graceMs: 300,
    ...(dice.chance(0.15) && { retentionMs: 500, sweepMs: 200 }),
  };
}

function runOf(dice: Dice, place: number, withinMs: number): RunPlan {
  const tight = dice.chance(0.5);
  return {
    key: `run-${place}`,
    limits: {
      bounces: dice.pick([3, 1_000]),
      ...(tight && {
        depth: dice.int(1, 3),
        children: dice.int(2, 6),
        members: dice.int(2, 6),
        groups: dice.int(1, 4),
        actors: dice.int(3, 12),
        actorsEver: dice.int(3, 14),
        turns: dice.pick([20, 100, 10_000]),
      }),
    },
    members: dice.int(2, 6),
    groups: dice.int(0, 3),
    fuel: dice.int(3, 6),
    at: dice.int(0, Math.round(withinMs * 0.8)),
    cancelledAfter: dice.chance(0.15) ? dice.int(0, 2_000) : undefined,
  };
}

function troubleOf(dice: Dice): TroublePlan {
  const calm = dice.chance(0.03);
  const maybe = (probability: number, value: () => number, none: number) =>
    !calm && dice.chance(probability) ? value() : none;
  return {
    ms: dice.int(1_000, 7_000),
    killGap: maybe(0.6, () => dice.int(150, 3_000), Infinity),
    freezeGap: maybe(0.5, () => dice.int(300, 4_000), Infinity),
    closeGap: maybe(0.2, () => dice.int(500, 4_000), Infinity),
    outageGap: maybe(0.2, () => dice.int(500, 4_000), Infinity),
    jumpGap: maybe(0.2, () => dice.int(300, 3_000), Infinity),
    lost: maybe(0.5, () => dice.next() * 0.15, 0),
    answerLost: maybe(0.5, () => dice.next() * 0.15, 0),
    late: maybe(0.3, () => dice.next() * 0.05, 0),
    slowMs: maybe(0.3, () => dice.int(5, 300), 3),
    bellsLost: maybe(0.4, () => dice.pick([0.1, 0.5, 1]), 0),
    bellsDoubled: maybe(0.3, () => dice.next() * 0.5, 0),
    bellMs: maybe(0.3, () => dice.int(5, 500), 2),
  };
}
