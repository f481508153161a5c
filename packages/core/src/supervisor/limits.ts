import { TroupeError } from "../fault.ts";

/** The hard bounds of one run. Each is enforced by the runtime, and again by the commit where it counts for the whole tree. */
export interface Limits {
  /** Levels of groups; the root group is level 1. */
  readonly depth: number;
  /** Actors and groups that one actor may spawn. */
  readonly children: number;
  /** Actors in one group. */
  readonly members: number;
  /** Groups in the run. */
  readonly groups: number;
  /** Actors alive at once in the run. */
  readonly actors: number;
  /** Actors ever spawned in the run. */
  readonly actorsEver: number;
  /** Turns taken in the run, failed ones included. */
  readonly turns: number;
  /** Milliseconds from submission to the end. */
  readonly wallMs: number;
  /** Messages two actors may bounce between them with no step and no spawn in between. */
  readonly bounces: number;
  /** Calls to models in the run. */
  readonly modelCalls: number;
  readonly tokens: number;
  /** Micro-dollars. */
  readonly cost: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 5,
  children: 64,
  members: 64,
  groups: 10_000,
  actors: 100_000,
  actorsEver: 1_000_000,
  turns: 10_000_000,
  wallMs: 7 * 24 * 3_600_000,
  bounces: 1_000,
  modelCalls: 1_000_000,
  tokens: 1_000_000_000,
  cost: 1_000_000_000,
};

/** Fills in what is missing. Throws `config_invalid` for an unknown name or a value that is not a positive whole number. */
export function limitsFrom(given: Partial<Limits>): Limits {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in DEFAULT_LIMITS)) {
      throw new TroupeError("config_invalid", `limits.${name}; there are ${Object.keys(DEFAULT_LIMITS).join(", ")}`);
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TroupeError("config_invalid", `limits.${name} is ${String(value)}; it must be a whole number from 1`);
    }
  }
  return { ...DEFAULT_LIMITS, ...given };
}
