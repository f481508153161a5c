import { type Store, TroupeError } from "@troupe/core";
import { type Migrated, migrateSchema } from "./migrate-schema.ts";
import { PgDatabase } from "./pg-database.ts";
import { schemaName, shardCount } from "./schema-name.ts";
import { SqlStore } from "./sql-store.ts";
import { openingError } from "./store-error.ts";
import type { OnTrouble } from "./trouble.ts";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that libpq and `pg` know. */
  readonly url: string;
  /** The Postgres schema that holds the store; default `troupe`. Made when it is missing. */
  readonly schema?: string;
  /** Fail with `store_invalid` rather than make a store where there is none. */
  readonly existing?: boolean;
  /** How many shards a new store gets; default 16. A store that is there keeps what it has. */
  readonly shards?: number;
  /** Connections besides the one that is kept for commits; default 4. */
  readonly poolSize?: number;
  /** Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** After this a statement counts as lost and its connection is dropped; default 30,000. */
  readonly statementTimeoutMs?: number;
  /** Told once when the database is lost, and once when it is back. */
  readonly onTrouble?: OnTrouble;
}

/**
 * Opens a store on PostgreSQL 15 or later, directly or through a transaction pooler, and brings its schema up to date.
 * Throws `store_unavailable`, `store_invalid` (no rights, no such database), `schema_newer`, `config_invalid`.
 */
export async function postgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { database, label, migrated } = await openPostgres(options);
  return new SqlStore(database, label, migrated.shards);
}

interface OpenPostgres {
  readonly database: PgDatabase;
  readonly label: string;
  readonly migrated: Migrated;
}

/** The database behind a store, migrated. */
export async function openPostgres(options: PostgresStoreOptions): Promise<OpenPostgres> {
  const schema = schemaName(options.schema);
  const shards = shardCount(options.shards);
  const label = postgresLabel(options.url, schema);
  const database = new PgDatabase({
    url: options.url,
    schema,
    poolSize: options.poolSize ?? 4,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    onTrouble: options.onTrouble,
  });
  try {
    return { database, label, migrated: await migrateSchema(database, schema, shards, options.existing) };
  } catch (error) {
    await database.close();
    throw openingError(error, label);
  }
}

/** A url without what is secret in it. */
function postgresLabel(url: string, schema: string): string {
  let parts: URL;
  try {
    parts = new URL(url);
  } catch {
    throw new TroupeError("config_invalid", "this is not a url; write postgres://user:password@host:port/database");
  }
  const user = parts.username === "" ? "" : `${parts.username}@`;
  const inSchema = schema === "troupe" ? "" : ` (schema ${schema})`;
  return `postgres://${user}${parts.host}${parts.pathname}${inSchema}`;
}
