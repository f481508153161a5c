import type { Store } from "@troupe/core";
import pg from "pg";
import { onTestFinished, vi } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { type PostgresStoreOptions, postgresStore } from "../src/index.ts";
import { submission } from "./fixtures.ts";

/** A database of its own, a store on it, and a way in beside the store. */
export interface PostgresWorld {
  readonly url: string;
  readonly store: Store;
  /** Another process's store. */
  open(options?: Partial<PostgresStoreOptions>): Promise<Store>;
  /** A session of its own, to hold locks with. */
  session(): Promise<pg.Client>;
  /** Resolves when so many of the store's statements wait for a lock. */
  untilBlocked(count: number): Promise<void>;
  /** A running run in shard 0, which `ann` owns; answers with the root channel's key. */
  startRun(id: string): Promise<number>;
}

export async function postgresWorld(): Promise<PostgresWorld> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const open = async (options: Partial<PostgresStoreOptions> = {}) => {
    const store = await postgresStore({ url: database.url, ...options });
    onTestFinished(() => store.close());
    return store;
  };
  const session = async () => {
    const client = new pg.Client({ connectionString: database.url });
    // The database goes when the test has finished, and sessions with it.
    client.on("error", () => {});
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };
  const watcher = await session();
  const blocked = async () => {
    const { rows } = await watcher.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length;
  };
  const store = await open();
  return {
    url: database.url,
    store,
    open,
    session,
    untilBlocked: async (count) => {
      await vi.waitUntil(async () => (await blocked()) === count, { timeout: 10_000, interval: 10 });
    },
    async startRun(id) {
      await store.submit(submission(id));
      await store.join("ann", "first", 60_000);
      await store.claim("ann", store.shards);
      const [root] = await store.loadChannels([id]);
      return root?.key ?? 0;
    },
  };
}
