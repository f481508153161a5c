import { setTimeout as wait } from "node:timers/promises";
import {
  adminChannelOf,
  type ChannelKey,
  type ChannelSnapshot,
  type Commit,
  type CommitOutcome,
  type Lease,
  type Limits,
  type RunId,
  type RunRow,
  type Store,
} from "@troupe/core";
import { expect, onTestFinished } from "vitest";
import type { OpenStore, StoreHarness } from "./harness.ts";
import { actorRow, type CommitRows, charge, groupRow, mail, NOTHING, runRow } from "./rows.ts";

/** Long enough for any test; leases end when a test says so (`expire`). */
export const LEASE_MS = 60_000;

/** A store, and the few moves that every test makes on it. */
export interface World {
  readonly harness: StoreHarness;
  readonly store: Store;
  /** Joins, and claims up to `limit` shards. */
  worker(id: string, options?: { readonly store?: Store; readonly shards?: number }): Promise<TestWorker>;
  /** Submits a run whose root actor is `root`. Its first message waits in the inbox. */
  submit(id: RunId, options?: RunChoice): Promise<TestRun>;
  /** Submits a run and admits its first message: row 1 of the root group. */
  start(worker: TestWorker, id: RunId, options?: RunChoice): Promise<TestRun>;
  /** Lets a worker's lease run out. */
  expire(worker: TestWorker): Promise<void>;
  /** A second way to the data. */
  second(): Promise<Store>;
}

interface RunChoice extends Partial<Omit<RunRow, "id" | "limits">> {
  readonly shard?: number;
  readonly limits?: Partial<Limits>;
}

export interface TestRun {
  readonly id: RunId;
  readonly root: ChannelKey;
  readonly admin: ChannelKey;
}

export interface TestWorker {
  readonly id: string;
  leases: readonly Lease[];
  /** The number of its next commit. */
  next: number;
  /** Sends its next commit; what `rows` leaves out is empty. */
  commit(rows: CommitRows & Partial<Commit>): Promise<CommitOutcome>;
  /** The same, and expects it to be applied. */
  apply(rows: CommitRows & Partial<Commit>): Promise<Extract<CommitOutcome, { outcome: "committed" }>>;
}

export async function openWorld(open: OpenStore): Promise<World> {
  const harness = await open();
  onTestFinished(() => harness.close());
  const { store } = harness;
  const world: World = {
    harness,
    store,
    async worker(id, { store: mine = store, shards = mine.shards } = {}) {
      await mine.join(id, "first", LEASE_MS);
      return testWorker(mine, id, await mine.claim(id, shards));
    },
    submit: (id, choice) => submitRun(store, id, choice),
    async start(worker, id, choice = {}) {
      const run = await submitRun(store, id, choice);
      const { shard = 0 } = choice;
      await worker.apply({
        admitted: [{ shard, key: `first:${id}` }],
        log: [{ ...mail(`first:${id}`, id), channel: run.root, seq: 1 }].map(withoutInbox),
        channels: [{ channel: run.root, head: 1, wakeAt: 0 }],
        charges: [charge(id, { messages: 1 })],
      });
      return run;
    },
    async expire(worker) {
      await store.renew(worker.id, 1);
      await passTime(harness, 50);
    },
    second: async () => (await harness.second?.()) ?? store,
  };
  return world;
}

export function testWorker(store: Store, id: string, leases: readonly Lease[]): TestWorker {
  const worker: TestWorker = {
    id,
    leases,
    next: 1,
    async commit(rows) {
      const batch: Commit = {
        worker: id,
        number: worker.next,
        leaseMs: LEASE_MS,
        leases: worker.leases,
        ...NOTHING,
        ...rows,
      };
      const outcome = await store.commit(batch);
      if (outcome.outcome === "committed" && batch.number === worker.next) worker.next += 1;
      return outcome;
    },
    async apply(rows) {
      const outcome = await worker.commit(rows);
      expect(outcome).toMatchObject({ outcome: "committed" });
      return outcome as Extract<CommitOutcome, { outcome: "committed" }>;
    },
  };
  return worker;
}

export async function channelOf(store: Store, name: string): Promise<ChannelSnapshot> {
  const [channel] = await store.loadChannels([name]);
  if (!channel) throw new Error(`there is no channel ${name}`);
  return channel;
}

export async function passTime(harness: StoreHarness, ms: number): Promise<void> {
  if (harness.passTime) await harness.passTime(ms);
  else await wait(ms);
}

async function submitRun(store: Store, id: RunId, { shard = 0, ...row }: RunChoice = {}): Promise<TestRun> {
  await store.submit({
    run: runRow({ id, ...row }),
    root: groupRow(id, { shard }),
    actor: actorRow(id, "root"),
    first: mail(`first:${id}`, id, { shard }),
  });
  const [root, admin] = await Promise.all([channelOf(store, id), channelOf(store, adminChannelOf(id))]);
  return { id, root: root.key, admin: admin.key };
}

/** An admitted row as the log has it. */
function withoutInbox<Row extends { shard: number; key: string; run: string }>(
  row: Row,
): Omit<Row, "shard" | "key" | "run"> {
  const { shard: _shard, key: _key, run: _run, ...rest } = row;
  return rest;
}
