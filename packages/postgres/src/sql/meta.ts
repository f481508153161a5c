import { sql } from "./statement.ts";

/** What a store is: the version of its schema, and its shards. */
export interface Meta {
  readonly version: number;
  readonly shards: number;
}

/** The number of the last migration that ran, and of the shards; no row in a database that holds no store. No locks. */
export const READ_META = sql<Meta>`select version, shards from troupe.meta`;

/**
 * `$1` schema. Is there a store in it, is it there at all, and how do transactions see each other? No locks.
 * Reads the catalogue's tables: `to_regclass` may still say what it said before a lock was waited for.
 */
export const FIND_META = sql<{ readonly meta: boolean; readonly schema: boolean; readonly isolation: string }>`
select
  exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = 'meta'
  ) as meta,
  exists (select from pg_namespace n where n.nspname = $1) as schema,
  current_setting('transaction_isolation') as isolation`;

/** `$1` schema. Held to the end of the transaction: of several programs that start at once, one migrates. */
export const LOCK_MIGRATIONS = sql<never>`
select pg_advisory_xact_lock(hashtext('troupe'), hashtext($1))`;

/** `$1` version. Locks the row, under the lock above. */
export const WRITE_VERSION = sql<never>`update troupe.meta set version = $1`;

/** `$1` shards. Once, when a store is made. */
export const WRITE_SHARDS = sql<never>`insert into troupe.meta (version, shards) values (0, $1)`;

/** `$1` shards. Once, when a store is made. */
export const MAKE_SHARDS = sql<never>`insert into troupe.shards (id) select generate_series(0, $1::int - 1)`;
