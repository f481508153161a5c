import { type Script, scripts } from "../model-calls/scripted-model.ts";

/** What one agent asks its model, call by call. */
export type Calls = readonly Script[];

/** Calls before an agent hands out work, and after the work has come back. */
interface Lead {
  readonly plan: Calls;
  readonly conclude: Calls;
}

interface Ministry extends Lead {
  readonly citizens: readonly Calls[];
}

/** Two layers below one head, as MegaAgent has them: ministries that lead groups of citizens. */
export interface Society extends Lead {
  readonly ministries: readonly Ministry[];
}

export interface Pace {
  readonly leastMs: number;
  readonly mostMs: number;
}

const SEED = 590;
/** A minister and those in its group. */
const MINISTRY = 33;

/** A society of so many agents in all, the same each time. */
export function makeSociety(agents: number, { leastMs, mostMs }: Pace): Society {
  const next = scripts(SEED, leastMs, mostMs);
  const calls = (count: number): Calls => Array.from({ length: count }, next);
  const below = agents - 1;
  const count = Math.ceil(below / MINISTRY);
  const ministries = Array.from({ length: count }, (_, place): Ministry => {
    const citizens = Math.floor((below + place) / count) - 1;
    return { plan: calls(1), conclude: calls(1), citizens: Array.from({ length: citizens }, () => calls(3)) };
  });
  return { plan: calls(2), conclude: calls(1), ministries };
}

export function callsOf({ plan, conclude, ministries }: Society): number {
  const of = (lead: Lead) => lead.plan.length + lead.conclude.length;
  const below = ministries.map(
    (ministry) => of(ministry) + ministry.citizens.reduce((sum, own) => sum + own.length, 0),
  );
  return below.reduce((sum, count) => sum + count, plan.length + conclude.length);
}

/** Milliseconds of the longest chain of calls that wait for each other: no runtime can be faster. */
export function criticalPath({ plan, conclude, ministries }: Society): number {
  const below = ministries.map(
    (ministry) => msOf(ministry.plan) + Math.max(0, ...ministry.citizens.map(msOf)) + msOf(ministry.conclude),
  );
  return msOf(plan) + Math.max(0, ...below) + msOf(conclude);
}

function msOf(calls: Calls): number {
  return calls.reduce((sum, { ms }) => sum + ms, 0);
}
