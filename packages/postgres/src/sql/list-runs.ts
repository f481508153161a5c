import type { RunColumns } from "./run-columns.ts";
import { sql } from "./statement.ts";

/** `$1` how many, the newest first. No locks. */
export const LIST_RUNS = sql<RunColumns>`
select * from troupe.runs order by created_at desc, id desc limit $1`;
