import { PGlite } from "@electric-sql/pglite";
import { expect, it, onTestFinished, vi } from "vitest";
import { migrateSchema } from "../src/migrate-schema.ts";
import { PgliteDatabase } from "../src/pglite-database.ts";
import { PgliteUpkeep } from "../src/pglite-upkeep.ts";
import { SqlStore } from "../src/sql-store.ts";
import { commitOf } from "./fixtures.ts";

async function store(everyBytes: number) {
  const pglite = await PGlite.create();
  const upkeep = new PgliteUpkeep(pglite, "mine", everyBytes);
  const database = new PgliteDatabase(pglite, "mine", () => pglite.close(), upkeep);
  const { shards } = await migrateSchema(database, "mine", 1);
  const store = new SqlStore(database, "test", shards);
  onTestFinished(() => store.close());
  await upkeep.rest();
  const exec = vi.spyOn(pglite, "exec");
  return { store, upkeep, pglite, did: () => exec.mock.calls.map(([text]) => text) };
}

it("makes a checkpoint and takes away dead rows once enough was written", async () => {
  const { store: some, upkeep, pglite, did } = await store(10_000);
  await some.join("ann", "first", 60_000);
  await some.claim("ann", 1);
  const lsn = async () => (await pglite.query("select checkpoint_lsn::text from pg_control_checkpoint()")).rows;
  const before = await lsn();

  for (let number = 1; number <= 20; number++) await some.commit(commitOf("ann", number));
  await upkeep.rest();

  expect(did().filter((text) => text === "checkpoint").length).toBeGreaterThan(0);
  expect(did()).toContainEqual(expect.stringContaining('vacuum "mine".workers'));
  expect(await lsn()).not.toEqual(before);
});

it("gets to the large tables as well, in the long run", async () => {
  const { store: some, upkeep, did } = await store(1);

  for (let n = 0; n < 40; n++) {
    await some.listRuns(1);
    await upkeep.rest();
  }

  expect(did()).toContain('vacuum (analyze) "mine".log');
});

it("does nothing while little is written", async () => {
  const { store: some, upkeep, did } = await store(1_000_000);

  for (let n = 0; n < 40; n++) await some.listRuns(1);
  await upkeep.rest();

  expect(did()).toEqual([]);
});

it("bears to be closed in the middle", async () => {
  const { store: some } = await store(1);

  await some.listRuns(1);
  await some.close();
});
