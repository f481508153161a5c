import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FreshDatabase } from "../../../test/postgres/fresh-database.ts";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { byteaArray, int8Array, textArray } from "../src/binary-array.ts";
import type { Database } from "../src/database.ts";
import { PgDatabase } from "../src/pg-database.ts";
import { PgliteDatabase } from "../src/pglite-database.ts";
import { sql } from "../src/sql/statement.ts";

const INT8 = sql<{
  value: number | null;
}>`select value from unnest($1::bigint[]) with ordinality a (value, i) order by i`;
const TEXT = sql<{
  value: string | null;
}>`select value from unnest($1::text[]) with ordinality a (value, i) order by i`;
const BYTEA = sql<{
  value: Buffer | null;
}>`select value from unnest($1::bytea[]) with ordinality a (value, i) order by i`;

const HUGE = Buffer.alloc(5_000_000, "all work and no play \0");

let fresh: FreshDatabase;
let pglite: PGlite;
const databases: Record<string, Database> = {};

beforeAll(async () => {
  [fresh, pglite] = await Promise.all([testDatabase(), PGlite.create()]);
  databases.PostgreSQL = new PgDatabase({
    url: fresh.url,
    schema: "troupe",
    poolSize: 1,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 5_000,
  });
  databases.PGlite = new PgliteDatabase(pglite, "troupe", () => pglite.close());
});

afterAll(async () => {
  for (const database of Object.values(databases)) await database.close();
  await fresh.drop();
});

describe.each(["PostgreSQL", "PGlite"])("arrays in binary reach %s as they are", (name) => {
  async function roundTrip<T>(statement: { text: string; row?: { value: T } }, array: Buffer) {
    const rows = await databases[name]?.query<{ value: T }>(statement, [array]);
    return rows?.map((row) => row.value);
  }

  it.each([
    ["none", []],
    ["small and negative ones", [0, 1, -1, 255, -256, 65_536]],
    ["at the edge of 32 bits", [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 31), -(2 ** 32) - 1]],
    ["the largest safe ones", [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
    ["nulls", [null, 7, null]],
  ])("numbers: %s", async (_, values) => {
    expect(await roundTrip(INT8, int8Array(values))).toEqual(values);
  });

  it.each([
    ["none", []],
    ["empty, quoted, and like NULL", ["", "null", "NULL", '"', "\\", "{a,b}", "it's"]],
    ["of every length in UTF-8", ["a", "é", "漢", "\u{1f3ad}", "a\u0301"]],
    ["nulls", [null, "", null]],
    ["long", ["x".repeat(1_000_000), "é".repeat(500_000)]],
  ])("texts: %s", async (_, values) => {
    expect(await roundTrip(TEXT, textArray(values))).toEqual(values);
  });

  it.each([
    ["none", []],
    ["empty", [Buffer.alloc(0)]],
    ["with NUL and every other byte", [Buffer.from([...Array(256).keys()])]],
    ["a part of another buffer", [Buffer.from("xxabcxx").subarray(2, 5), new Uint8Array([1, 2, 3]).subarray(1)]],
    ["nulls", [null, Buffer.from("a"), null]],
    ["huge", [HUGE, HUGE]],
  ])("bytes: %s", async (_, values) => {
    const got = await roundTrip(BYTEA, byteaArray(values));

    expect(got?.map((bytes) => bytes?.toString("latin1"))).toEqual(
      values.map((bytes) => (bytes === null ? undefined : Buffer.from(bytes).toString("latin1"))),
    );
  });

  it("a NUL in a text is refused by the database", async () => {
    await expect(roundTrip(TEXT, textArray(["a\0b"]))).rejects.toMatchObject({ code: "22021" });
  });

  it("half a surrogate pair becomes the replacement character", async () => {
    expect(await roundTrip(TEXT, textArray(["a\ud800b"]))).toEqual(["a\ufffdb"]);
  });
});

it.each([1.5, Number.NaN, Infinity, 2 ** 53])("does not take %d for a bigint", (value) => {
  expect(() => int8Array([value])).toThrow(RangeError);
});

it("is what pg would have sent as text", async () => {
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();

  const { rows } = await client.query("select $1::bigint[] = $2::bigint[] as same", [int8Array([1, 2]), [1, 2]]);
  await client.end();

  expect(rows).toEqual([{ same: true }]);
});
