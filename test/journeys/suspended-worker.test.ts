import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FreshDatabase } from "../postgres/fresh-database.ts";
import { testDatabase } from "../postgres/test-database.ts";
import { auditPostgres } from "./audit-tables.ts";
import { tallyOf } from "./count-agents.ts";
import { shardOfActor, WorkerProcess } from "./start-worker.ts";
import { readWitness } from "./witness.ts";

const LEASE_MS = 1_500;
const WORK = { groups: 16, hands: 3, jobs: 150 };

let database: FreshDatabase;
let folder: string;

beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "troupe-journey-"));
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Stops a worker in the middle of its work until another has gone on with all of it, and lets it wake up then. */
async function suspendOne(standsStill: boolean) {
  const orders = { store: database.url, leaseMs: LEASE_MS, witness: join(folder, "witness"), pauseMs: 5 };
  await using steady = new WorkerProcess(orders);
  await using sleeper = new WorkerProcess({ ...orders, standsStill });
  await Promise.all([steady.untilItHas(8), sleeper.untilItHas(8)]);
  steady.submit(WORK);
  await sleeper.untilItHasCommitted(100);

  sleeper.signal("SIGSTOP");
  const asleep = new Set(sleeper.shards);
  await steady.untilItHas(16);
  await steady.until("turn_committed", ({ actor }) => asleep.has(shardOfActor(actor)));
  const committed = sleeper.committed;
  sleeper.signal("SIGCONT");

  const lost = await sleeper.until("shard_lost", ({ why }) => why !== "released");
  await sleeper.untilItHasCommitted(committed + 50);
  await vi.waitFor(async () => expect(await ownedShards()).toBe(16), { timeout: 10_000 });
  const { result } = await steady.until("result");
  return { result, lost, said: [...sleeper.said], witness: await readWitness(orders.witness) };
}

async function ownedShards(): Promise<number> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    const statement = "select count(owner)::int as owned from troupe.shards";
    return (await client.query<{ owned: number }>(statement)).rows[0]?.owned ?? 0;
  } finally {
    await client.end();
  }
}

it("gives up what it had when it wakes after its lease, and comes back", async () => {
  const { result, lost, witness } = await suspendOne(false);

  expect(lost.why).toBe("lease_over");
  expect(result).toEqual(tallyOf(WORK));
  expect(await auditPostgres(database.url)).toEqual({});
  expect(witness.jobs).toBe(tallyOf(WORK).handled);
}, 40_000);

it("commits nothing after another took over, even where its own clock stood still", async () => {
  const { result, lost, said } = await suspendOne(true);

  expect(lost.why).toBe("fenced");
  expect(said).toContainEqual(expect.objectContaining({ type: "turn_refused", why: "fenced" }));
  expect(result).toEqual(tallyOf(WORK));
  expect(await auditPostgres(database.url)).toEqual({});
}, 40_000);
