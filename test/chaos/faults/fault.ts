import type { Stage } from "../stage.ts";

/** What faults are counted as; several kinds make one figure. */
export const FIGURES = ["kills", "pauses", "restarts", "cuts"] as const;
export type Figure = (typeof FIGURES)[number];

/** Chance that a fault may use: the same for the same place in the schedule. */
export interface Dice {
  /** A number from `from` to `to`. */
  between(from: number, to: number): number;
}

export interface Fault {
  /** What is done, for people. */
  readonly what: string;
  /** How many in an hour. */
  readonly perHour: number;
  readonly figure?: Figure;
  /** Of these, one at a time: they concern the whole database. */
  readonly exclusive?: boolean;
  /** Why it cannot be done here; undefined where it can. */
  missing?(stage: Stage): string | undefined;
  /** Does it, and mends what has to be mended; true if it took effect. */
  run(stage: Stage, dice: Dice): Promise<boolean>;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
