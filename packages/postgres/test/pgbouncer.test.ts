import { expect, it, onTestFinished } from "vitest";
import { poolerIsInstalled, startPooler } from "../../../test/postgres/start-pooler.ts";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { migrate, postgresStore } from "../src/index.ts";
import { commitOf, messageRows, submission } from "./fixtures.ts";

it.runIf(poolerIsInstalled())(
  "works through a pooler that gives each transaction whatever session is free",
  async () => {
    const database = await testDatabase();
    onTestFinished(() => database.drop());
    const { url, stop } = await startPooler(database.url);
    onTestFinished(stop);
    const migrations = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(migrations.map(({ applied }) => applied.length).sort()).toEqual([0, 0, expect.any(Number)]);

    const stores = await Promise.all(Array.from({ length: 4 }, () => postgresStore({ url })));
    await Promise.all(
      stores.map(async (store, n) => {
        const run = `run-${n}`;
        const worker = `worker-${n}`;
        await store.submit(submission(run));
        await store.join(worker, "first", 60_000);
        const leases = await store.claim(worker, 4);
        const [root] = await store.loadChannels([run]);
        // Only the owner of shard 0 may write there.
        const mine = leases.some(({ shard }) => shard === 0);
        for (let seq = 1; seq <= 50; seq++) {
          const rows = mine ? messageRows(run, root?.key ?? 0, seq) : {};
          const outcome = await store.commit(commitOf(worker, seq, { leases, ...rows }));
          expect(outcome).toMatchObject({ outcome: "committed" });
        }
      }),
    );

    const told = await Promise.all(stores.map((store, n) => store.history(`run-${n}`, 99)));
    expect(told.map((messages) => messages.length).sort()).toEqual([0, 0, 0, 50]);
    await Promise.all(stores.map((store) => store.close()));
  },
);
