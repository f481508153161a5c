import { PGlite } from "@electric-sql/pglite";
import { isFault, type Store, TroupeError } from "@troupe/core";
import { type Migrated, migrateSchema } from "./migrate-schema.ts";
import { PgliteDatabase } from "./pglite-database.ts";
import { schemaName, shardCount } from "./schema-name.ts";
import { FORGET_WORKERS } from "./sql/forget-workers.ts";
import { SqlStore } from "./sql-store.ts";
import { type StoreFolder, takeStoreFolder } from "./store-folder.ts";

export interface EmbeddedStoreOptions {
  /** A folder; made when it is missing. */
  readonly path: string;
  /** The Postgres schema inside; default `troupe`. */
  readonly schema?: string;
  /** How many shards a new store gets; default 16. A store that is there keeps what it has. */
  readonly shards?: number;
}

/**
 * Opens a store in a folder of this machine, on a PostgreSQL that runs inside this process. One process at a time: it
 * holds the folder's lock until it is closed or dies. What was committed survives a killed process; PGlite does not
 * flush to the disk, so a power cut may destroy the store.
 * Throws `store_busy`, `store_invalid`, `schema_newer`, `config_invalid`.
 */
export async function embeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { database, label, migrated } = await openEmbedded(options);
  return new SqlStore(database, label, migrated.shards);
}

interface OpenEmbedded {
  readonly database: PgliteDatabase;
  readonly label: string;
  readonly migrated: Migrated;
}

/** Segments of the write-ahead log are used again rather than kept up to the default gigabyte. */
const START = [...PGlite.defaultStartParams, "-c", "max_wal_size=128MB"];

/** The database behind a store, migrated. */
export async function openEmbedded(options: EmbeddedStoreOptions): Promise<OpenEmbedded> {
  const schema = schemaName(options.schema);
  const shards = shardCount(options.shards);
  const folder = await takeStoreFolder(options.path);
  let database: PgliteDatabase | undefined;
  try {
    const pglite = await keepingExitCode(() => PGlite.create(folder.data, { startParams: START }));
    database = new PgliteDatabase(pglite, schema, () => close(pglite, folder));
    const migrated = await migrateSchema(database, schema, shards);
    // The folder's lock is ours, so whoever held a lease in here is dead: nobody has to wait until it runs out.
    await database.query(FORGET_WORKERS);
    await folder.complete();
    return { database, label: folder.path, migrated };
  } catch (error) {
    await (database ?? { close: folder.release }).close();
    if (isFault(error)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new TroupeError("store_invalid", `${folder.path}: ${text}`, error);
  }
}

async function close(pglite: PGlite, folder: StoreFolder) {
  try {
    await keepingExitCode(() => pglite.close());
  } finally {
    await folder.release();
  }
}

/** PGlite's runtime says how it ended in the exit code of the whole process. */
async function keepingExitCode<T>(work: () => Promise<T>): Promise<T> {
  const { exitCode } = process;
  try {
    return await work();
  } finally {
    process.exitCode = exitCode;
  }
}
