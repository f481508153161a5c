import { sql } from "./statement.ts";

/** `$1` worker, `$2` shards. Locks the worker's row, then the shards. */
export const RELEASE_SHARDS = sql<never>`select troupe.release_shards($1, $2)`;
