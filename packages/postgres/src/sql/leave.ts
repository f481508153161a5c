import { sql } from "./statement.ts";

/** `$1` worker. Locks the worker's row, then its shards. */
export const LEAVE = sql<never>`select troupe.leave($1)`;
