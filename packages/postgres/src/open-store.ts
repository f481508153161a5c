import type { Store } from "@troupe/core";
import { embeddedStore, openEmbedded } from "./embedded-store.ts";
import type { Migrated } from "./migrate-schema.ts";
import { openPostgres, type PostgresStoreOptions, postgresStore } from "./postgres-store.ts";

/** What both kinds of store understand; the rest is for PostgreSQL. */
export type OpenStoreOptions = Omit<PostgresStoreOptions, "url">;

/** Opens the store that a text names: `postgres://…` or `postgresql://…`, or else a folder. */
export function openStore(spec: string, options: OpenStoreOptions = {}): Promise<Store> {
  return isPostgresUrl(spec) ? postgresStore({ ...options, url: spec }) : embeddedStore({ ...options, path: spec });
}

export interface Migration extends Migrated {
  readonly label: string;
}

/** Brings the schema of a store up to date, which opening does as well, and tells what it did. */
export async function migrate(spec: string, options: OpenStoreOptions = {}): Promise<Migration> {
  const opened = isPostgresUrl(spec)
    ? await openPostgres({ ...options, url: spec })
    : await openEmbedded({ ...options, path: spec });
  await opened.database.close();
  return { ...opened.migrated, label: opened.label };
}

function isPostgresUrl(spec: string): boolean {
  return /^postgres(ql)?:\/\//.test(spec);
}
