import { readdir, readFile } from "node:fs/promises";
import { TroupeError } from "@troupe/core";
import type { Database, Session } from "./database.ts";
import {
  FIND_META,
  LOCK_MIGRATIONS,
  MAKE_SHARDS,
  type Meta,
  READ_META,
  WRITE_SHARDS,
  WRITE_VERSION,
} from "./sql/meta.ts";

const MIGRATIONS = new URL("./migrations/", import.meta.url);

export interface Migrated {
  /** Version of the schema before; 0 if there was none. */
  readonly from: number;
  readonly to: number;
  /** Names of the migrations that ran, in order. */
  readonly applied: readonly string[];
  readonly shards: number;
}

/**
 * Brings a schema to this program's version, or leaves it be. Safe in any number of programs at once.
 * Throws `schema_newer`, and `store_invalid` where it is to exist and does not.
 */
export async function migrateSchema(
  database: Database,
  schema: string,
  shards: number,
  existing = false,
): Promise<Migrated> {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith(".sql")).sort();
  const found = await readMeta(database, schema);
  if (found && isCurrent(found, names.length)) {
    return { from: found.version, to: found.version, applied: [], shards: found.shards };
  }
  if (!found && existing) {
    throw new TroupeError("store_invalid", `there is no store in schema ${schema}; "troupe migrate" makes one`);
  }
  return database.transaction((session) => apply(session, schema, names, shards));
}

async function apply(session: Session, schema: string, names: string[], shards: number): Promise<Migrated> {
  await session.query(LOCK_MIGRATIONS, [schema]);
  const found = await readMeta(session, schema);
  if (!found) await makeMeta(session, schema, shards);

  const from = found?.version ?? 0;
  isCurrent({ version: from, shards }, names.length);
  const applied = names.slice(from);
  for (const name of applied) await session.script(await readFile(new URL(name, MIGRATIONS), "utf8"));
  await session.query(WRITE_VERSION, [names.length]);
  if (!found) await session.query(MAKE_SHARDS, [shards]);
  return { from, to: names.length, applied, shards: found?.shards ?? shards };
}

async function makeMeta(session: Session, schema: string, shards: number) {
  const [there] = await session.query(FIND_META, [schema]);
  // Asked for only if need be: it takes a right that a prepared schema makes unnecessary.
  if (!there?.schema) await session.script(`create schema "${schema}"`);
  await session.script("create table troupe.meta (version int not null, shards int not null)");
  await session.query(WRITE_SHARDS, [shards]);
}

async function readMeta(from: Pick<Session, "query">, schema: string): Promise<Meta | undefined> {
  const [there] = await from.query(FIND_META, [schema]);
  if (there && there.isolation !== "read committed") {
    const found = there.isolation.toUpperCase();
    throw new TroupeError("store_invalid", `transactions default to ${found}, and the store needs READ COMMITTED`);
  }
  if (!there?.meta) return undefined;
  const [meta] = await from.query(READ_META);
  return meta;
}

function isCurrent(meta: Meta, version: number): boolean {
  if (meta.version > version) {
    throw new TroupeError(
      "schema_newer",
      `its schema has version ${meta.version}, this program knows up to ${version}`,
    );
  }
  return meta.version === version;
}
