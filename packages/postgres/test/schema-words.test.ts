import { PGlite } from "@electric-sql/pglite";
import { RUN_STATUSES, STANDINGS, TURN_OUTCOMES } from "@troupe/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrateSchema } from "../src/migrate-schema.ts";
import { PgliteDatabase } from "../src/pglite-database.ts";

let pglite: PGlite;

beforeAll(async () => {
  pglite = await PGlite.create();
  await migrateSchema(new PgliteDatabase(pglite, "troupe", async () => {}), "troupe", 1);
});

afterAll(() => pglite.close());

/** The words in the CHECK of a column. */
async function wordsOf(table: string, column: string): Promise<string[]> {
  const { rows } = await pglite.query<{ text: string }>(
    `select pg_get_constraintdef(oid) as text from pg_constraint
     where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%' || $2 || '%'`,
    [`troupe.${table}`, column],
  );
  return [...(rows[0]?.text ?? "").matchAll(/'(\w+)'/g)].map(([, word]) => String(word));
}

it.each([
  ["agents", "standing", STANDINGS],
  ["runs", "status", RUN_STATUSES],
  ["turns", "outcome", TURN_OUTCOMES],
])("allows in %s.%s the words of the core, and no others", async (table, column, words) => {
  expect(await wordsOf(table, column)).toEqual([...words]);
});

it("updates agents in place: no index holds a column that a turn writes", async () => {
  const { rows } = await pglite.query<{ name: string }>(
    `select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
     where i.indrelid = 'troupe.agents'::regclass`,
  );

  expect(rows.map((row) => row.name)).toEqual(["channel", "name"]);
});
