import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { testDatabase } from "../postgres/test-database.ts";
import { auditPostgres, auditTables } from "./audit-tables.ts";
import { tallyOf, type Work } from "./count-agents.ts";
import { WorkerProcess } from "./start-worker.ts";
import { readWitness } from "./witness.ts";

// `kill -9` at random moments of a worker's work. How often: TROUPE_KILLS=100 pnpm test --only vitest killed-worker

const KILLS = Number(process.env.TROUPE_KILLS ?? 5);
const LEASE_MS = 1_000;
/** The longest that a worker lives after its first turn. */
const LIFE_MS = 500;
/** Of a step: a job takes a hand more than 30 ms, however fast the machine. */
const PAUSE_MS = 15;
/** Enough to be busy with to the last kill: 900 jobs a second at most, in a quarter of a second on average. */
const WORK: Work = { groups: 10, hands: 3, jobs: 30 + KILLS * 10 };
/** What a life takes at most, with its start and the end of the lease before it. */
const PATIENCE_MS = 20_000 + KILLS * 4_000;

let folder: string;
let witness: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "troupe-journey-"));
  witness = join(folder, "witness");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Lets worker after worker work on a store, kills each but the last, and answers with what the run ends with. */
async function killAgainAndAgain(store: string): Promise<unknown> {
  const orders = { store, leaseMs: LEASE_MS, witness, pauseMs: PAUSE_MS };
  for (let kill = 0; kill < KILLS; kill++) {
    await using worker = new WorkerProcess(orders);
    await worker.until("ready");
    if (kill === 0) worker.submit(WORK);
    await worker.until("turn_committed");
    await wait(Math.random() * LIFE_MS);
    if (worker.said.some(({ type }) => type === "result")) throw new Error(`all was done before kill ${kill + 1}`);
  }
  await using last = new WorkerProcess(orders);
  return (await last.until("result")).result;
}

async function expectNothingLostOrDoubled(result: unknown) {
  const { wrongs, jobs, mostRepeats } = await readWitness(witness);
  expect(result).toEqual(tallyOf(WORK));
  expect({ wrongs, jobs }).toEqual({ wrongs: [], jobs: tallyOf(WORK).handled });
  expect(mostRepeats).toBeLessThanOrEqual(KILLS);
}

it("loses and doubles nothing on PostgreSQL", { timeout: PATIENCE_MS }, async () => {
  await using database = await testDatabase();

  const result = await killAgainAndAgain(database.url);

  await expectNothingLostOrDoubled(result);
  expect(await auditPostgres(database.url)).toEqual({});
});

it("loses and doubles nothing in a folder", { timeout: PATIENCE_MS }, async () => {
  const store = join(folder, "store");

  const result = await killAgainAndAgain(store);

  await expectNothingLostOrDoubled(result);
  await using database = await PGlite.create(join(store, "data"));
  expect(await auditTables(async (statement) => (await database.query<object>(statement)).rows)).toEqual({});
});
