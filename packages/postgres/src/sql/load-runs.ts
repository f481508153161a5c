import type { RunColumns } from "./run-columns.ts";
import { sql } from "./statement.ts";

/** `$1` ids. No locks. */
export const LOAD_RUNS = sql<RunColumns>`select * from troupe.runs where id = any ($1::text[])`;
