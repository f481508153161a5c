import { sql } from "./statement.ts";

/** `$1` run, `$2` status, `$3` result, `$4` error. Locks the run's row, then its channels that are awake. */
export const END_RUN = sql<{ readonly ended: boolean }>`select troupe.end_run($1, $2, $3, $4) as ended`;
