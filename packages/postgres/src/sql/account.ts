import type { RunAccount, RunId, Spent } from "@troupe/core";

/** What a run has used, as columns. */
export interface SpentColumns {
  readonly turns: number;
  readonly messages: number;
  readonly actors: number;
  readonly actors_living: number;
  readonly groups: number;
  readonly model_calls: number;
  readonly tokens: number;
  readonly cost: number;
}

export function spentOf(row: SpentColumns): Spent {
  return {
    turns: row.turns,
    messages: row.messages,
    actors: row.actors,
    actorsLiving: row.actors_living,
    groups: row.groups,
    modelCalls: row.model_calls,
    tokens: row.tokens,
    cost: row.cost,
  };
}

export interface AccountColumns extends SpentColumns {
  readonly run: string;
  readonly quiescent: boolean;
}

/** `ended`: the runs that the commit itself ended, in whatever way. */
export function accountOf(row: AccountColumns, ended: ReadonlySet<RunId>): RunAccount {
  return { run: row.run, spent: spentOf(row), quiescent: row.quiescent && !ended.has(row.run) };
}
