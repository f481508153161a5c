import { seededRandom } from "@troupe/testing";
import type { Dice } from "./faults/fault.ts";
import { FAULTS, type FaultName } from "./faults/faults.ts";

/** A fault at its time, in milliseconds from the start. */
export interface Appointment {
  readonly at: number;
  readonly fault: FaultName;
  readonly dice: Dice;
}

/** The last part of the time is for what has begun to end. */
const BUSY_SHARE = 0.97;

/**
 * Every fault at least once, and as often as it says times the pace, each somewhere in its share of the time. The same seed gives the
 * same schedule; what each fault then meets is a matter of real time, and never quite the same.
 */
export function scheduleOf(
  names: readonly FaultName[],
  totalMs: number,
  pace: number,
  seed: number,
): readonly Appointment[] {
  const random = seededRandom(seed);
  return names
    .flatMap((fault) => {
      const count = Math.max(1, Math.ceil((FAULTS[fault].perHour * pace * totalMs) / 3_600_000));
      return Array.from({ length: count }, (_, place) => ({
        at: ((place + random.next()) / count) * totalMs * BUSY_SHARE,
        fault,
        dice: diceFrom(random.next() * 2 ** 32),
      }));
    })
    .toSorted((a, b) => a.at - b.at);
}

export function diceFrom(seed: number): Dice {
  const random = seededRandom(Math.floor(seed));
  return { between: (from, to) => from + (to - from) * random.next() };
}
