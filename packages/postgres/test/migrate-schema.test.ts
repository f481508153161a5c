import { expect, it } from "vitest";
import { migrate, postgresStore } from "../src/index.ts";
import { submission } from "./fixtures.ts";
import { postgresWorld } from "./postgres-world.ts";

it("makes one store when many programs start at once on an empty database", async () => {
  const { open, session } = await postgresWorld();
  await (await session()).query("drop schema troupe cascade");

  const stores = await Promise.all(Array.from({ length: 8 }, (_, n) => open({ shards: n + 1 })));

  const [shards] = new Set(stores.map((store) => store.shards));
  expect(stores.every((store) => store.shards === shards)).toBe(true);
  await stores[0]?.join("w", "first", 60_000);
  expect(await stores[0]?.claim("w", 99)).toHaveLength(shards ?? 0);
});

it("reports what it did, and does nothing the second time", async () => {
  const { url } = await postgresWorld();

  const first = await migrate(url, { schema: "fresh", shards: 3 });
  const second = await migrate(url, { schema: "fresh", shards: 5 });

  const to = first.applied.length;
  expect(first).toMatchObject({ from: 0, to, shards: 3, label: expect.stringMatching(/\(schema fresh\)$/) });
  expect(first.applied[0]).toBe("0001-tables.sql");
  expect(second).toMatchObject({ from: to, to, applied: [], shards: 3 });
});

it("makes nothing where a store is to exist and does not", async () => {
  const { url } = await postgresWorld();

  const opening = postgresStore({ url, schema: "mistyped", existing: true });

  await expect(opening).rejects.toMatchObject({ code: "store_invalid", detail: expect.stringContaining("mistyped") });
  expect(await migrate(url, { schema: "mistyped" })).toMatchObject({ from: 0 });
});

it("refuses a schema that is newer than the program, and names both versions", async () => {
  const { session, open } = await postgresWorld();
  await (await session()).query("update troupe.meta set version = 999");

  await expect(open()).rejects.toMatchObject({
    code: "schema_newer",
    detail: expect.stringMatching(/version 999.*up to \d+/),
  });
});

it("goes on from where an older program left the schema", async () => {
  const { session, url } = await postgresWorld();
  const admin = await session();
  const { rows } = await admin.query("select version from troupe.meta");
  await admin.query("drop function troupe.sweep; update troupe.meta set version = version - 1");

  const { from, to, applied } = await migrate(url);

  expect([from, to]).toEqual([rows[0].version - 1, rows[0].version]);
  expect(applied).toEqual(["0005-sweep.sql"]);
});

it("keeps stores in different schemas apart", async () => {
  const { open, store } = await postgresWorld();
  const other = await open({ schema: "other", shards: 2 });

  await other.submit(submission("there"));

  expect(other.shards).toBe(2);
  expect(await store.listRuns(9)).toEqual([]);
  expect(await other.listRuns(9)).toHaveLength(1);
});

it("uses a schema that was made for it, without the right to make one", async () => {
  const { url, session } = await postgresWorld();
  const admin = await session();
  const role = `limited_${Date.now()}`;
  await admin.query(`create role ${role} login password 'secret'; create schema mine authorization ${role}`);
  const limited = new URL(url);
  limited.username = role;
  limited.password = "secret";

  const store = await postgresStore({ url: limited.href, schema: "mine" });
  await store.join("w", "first", 1_000);
  await store.close();
  const refused = postgresStore({ url: limited.href, schema: "not_there" });

  await expect(refused).rejects.toMatchObject({ code: "store_invalid", detail: expect.stringContaining("permission") });
  await admin.query(`drop owned by ${role}; drop role ${role}`);
});

it("refuses a database whose transactions do not see what was committed meanwhile", async () => {
  const { session, open } = await postgresWorld();
  await (await session()).query(
    "do $$ begin execute format('alter database %I set default_transaction_isolation = serializable', current_database()); end $$",
  );

  await expect(open()).rejects.toMatchObject({
    code: "store_invalid",
    detail: expect.stringContaining("SERIALIZABLE"),
  });
});

it.each(["", "Upper", "has space", "1st", 'x"; drop schema public; --'])(
  "refuses the schema name %j",
  async (schema) => {
    const { open } = await postgresWorld();

    await expect(open({ schema })).rejects.toMatchObject({ code: "config_invalid" });
  },
);
