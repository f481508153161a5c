import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testDatabase } from "../postgres/test-database.ts";
import { auditPostgres } from "./audit-tables.ts";
import { tallyOf } from "./count-agents.ts";
import { shardOfActor, WorkerProcess } from "./start-worker.ts";
import { readWitness } from "./witness.ts";

const LEASE_MS = 2_000;
const WORK = { groups: 16, hands: 3, jobs: 60 };

it("takes over from a killed worker within its lease and a second, and does everything once and in order", async () => {
  await using database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "troupe-journey-"));
  const orders = { store: database.url, leaseMs: LEASE_MS, witness: join(folder, "witness"), pauseMs: 5 };
  await using survivor = new WorkerProcess(orders);
  await using doomed = new WorkerProcess(orders);
  await Promise.all([survivor.untilItHas(8), doomed.untilItHas(8)]);
  survivor.submit(WORK);
  await doomed.untilItHasCommitted(100);

  const orphaned = new Set(doomed.shards);
  const killedAt = Date.now();
  await doomed.kill();
  const first = await survivor.until("turn_committed", ({ actor }) => orphaned.has(shardOfActor(actor)));
  const { result } = await survivor.until("result");

  expect(first.at - killedAt).toBeLessThanOrEqual(LEASE_MS + 1_000);
  expect(result).toEqual(tallyOf(WORK));
  expect(await auditPostgres(database.url)).toEqual({});
  const { wrongs, jobs, mostRepeats } = await readWitness(orders.witness);
  expect({ wrongs, jobs }).toEqual({ wrongs: [], jobs: tallyOf(WORK).handled });
  expect(mostRepeats).toBeLessThanOrEqual(1);
  await rm(folder, { recursive: true, force: true });
}, 40_000);
