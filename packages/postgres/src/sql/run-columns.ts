import type { Limits, RunRow, RunStatus } from "@troupe/core";
import { type SpentColumns, spentOf } from "./account.ts";

/** A row of `troupe.runs`. */
export interface RunColumns extends SpentColumns {
  readonly id: string;
  readonly tenant: string;
  readonly key: string | null;
  readonly definition: string;
  readonly deployment: string;
  readonly status: RunStatus;
  readonly limits: Limits;
  readonly input: Buffer;
  readonly result: Buffer | null;
  readonly error: string | null;
  readonly resumed: number;
  readonly created_at: number;
  readonly ended_at: number | null;
}

export function runOfColumns(row: RunColumns): RunRow {
  return {
    id: row.id,
    tenant: row.tenant,
    key: row.key,
    definition: row.definition,
    deployment: row.deployment,
    status: row.status,
    limits: row.limits,
    spent: spentOf(row),
    input: row.input,
    result: row.result,
    error: row.error,
    resumed: row.resumed,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
