import { PGlite } from "@electric-sql/pglite";
import type { Store } from "@troupe/core";
import { storeContract } from "@troupe/testing";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import type { FreshDatabase } from "../../../test/postgres/fresh-database.ts";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { migrateSchema } from "../src/migrate-schema.ts";
import { PgliteDatabase } from "../src/pglite-database.ts";
import { postgresStore } from "../src/postgres-store.ts";
import { SqlStore } from "../src/sql-store.ts";

const SHARDS = 4;

/** Each test has a schema of its own, which is much faster to make than a database. */
let schemas = 0;
const nextSchema = () => `contract_${++schemas}`;

/** Opens stores on one schema and closes what is left of them. */
function harness(open: () => Promise<Store>) {
  const opened: Promise<Store>[] = [];
  const another = () => {
    const store = open();
    opened.push(store);
    return store;
  };
  const close = async () => {
    for (const store of opened) await (await store).close();
  };
  const reopen = async () => {
    await close();
    return another();
  };
  return { another, close, reopen };
}

let database: FreshDatabase;
let admin: pg.Client;
let pglite: PGlite;

beforeAll(async () => {
  [database, pglite] = await Promise.all([testDatabase(), PGlite.create()]);
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await Promise.all([database.drop(), pglite.close()]);
});

/** The leases end as if time had passed; nothing else in a store looks at the database's clock. */
const agedBy = (schema: string, ms: number) =>
  `update ${schema}.workers set expires_at = expires_at - ${ms} * interval '1 ms'`;

storeContract("PostgreSQL", async () => {
  const schema = nextSchema();
  const { another, close, reopen } = harness(() => postgresStore({ url: database.url, schema, shards: SHARDS }));
  const passTime = async (ms: number) => void (await admin.query(agedBy(schema, ms)));
  return { store: await another(), second: another, reopen, passTime, close };
});

storeContract("PGlite", async () => {
  const schema = nextSchema();
  const { another, close, reopen } = harness(async () => {
    const database = new PgliteDatabase(pglite, schema, async () => {});
    const { shards } = await migrateSchema(database, schema, SHARDS);
    return new SqlStore(database, schema, shards);
  });
  const passTime = async (ms: number) => void (await pglite.exec(agedBy(schema, ms)));
  return { store: await another(), second: another, reopen, passTime, close };
});
