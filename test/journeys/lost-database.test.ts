import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isFault, Runtime, type TroupeEvent } from "@troupe/core";
import { postgresBus, postgresStore } from "@troupe/postgres";
import { Client } from "pg";
import { filter, firstValueFrom, type Observable, skip, take } from "rxjs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../postgres/fresh-database.ts";
import { type PostgresServer, startPostgres } from "../postgres/start-postgres.ts";
import { auditPostgres } from "./audit-tables.ts";
import { countAgents, tallyOf } from "./count-agents.ts";
import { readWitness } from "./witness.ts";

const WORK = { groups: 8, hands: 3, jobs: 60 };

let server: PostgresServer;
let database: FreshDatabase;
let folder: string;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server.stop());

beforeEach(async () => {
  database = await freshDatabase(server.url);
  folder = await mkdtemp(join(tmpdir(), "troupe-journey-"));
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Has the work done while the database is in trouble twice, and answers with what was said of it. */
async function workThrough(leaseMs: number, trouble: () => Promise<void>) {
  const witness = join(folder, "witness");
  const ofStore: string[] = [];
  const ofRuntime: string[] = [];
  const events: string[] = [];
  const store = await postgresStore({
    url: database.url,
    onTrouble: (what) => ofStore.push(what === "recovered" ? what : "lost"),
  });
  const bus = postgresBus({ url: database.url });
  const [lead, ...others] = countAgents({ witness, pauseMs: 5 });
  const runtime = new Runtime({
    store,
    bus,
    agents: [lead, ...others],
    settings: { leaseMs },
    onTrouble: (error) => ofRuntime.push(isFault(error) ? error.code : String(error)),
  });
  const { events$ } = runtime;
  events$.subscribe(({ type }) => {
    if (type === "store_lost" || type === "store_back") events.push(type === "store_lost" ? "lost" : "recovered");
  });
  await runtime.start();
  const run = await runtime.submit(lead, WORK);
  const result = run.result();
  for (let time = 0; time < 2; time++) {
    await committed(events$, 200);
    await trouble();
  }

  expect(await result).toEqual(tallyOf(WORK));

  await runtime.close();
  await bus.close();
  await store.close();
  expect(await auditPostgres(database.url)).toEqual({});
  const { wrongs, jobs } = await readWitness(witness);
  expect({ wrongs, jobs }).toEqual({ wrongs: [], jobs: tallyOf(WORK).handled });
  return { ofStore, ofRuntime, events };
}

function committed(events$: Observable<TroupeEvent>, turns: number) {
  return firstValueFrom(
    events$.pipe(
      filter(({ type }) => type === "turn_committed"),
      skip(turns - 1),
      take(1),
    ),
  );
}

/** Ends every session but its own. */
async function terminateAll() {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
}

async function crash(downMs: number) {
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, downMs));
  await server.restart();
}

/** Of the store, and of the runtime's traffic. */
const ONCE_EACH_TIME = ["lost", "recovered", "lost", "recovered"];

it("goes on when the server has crashed and is back within the lease", async () => {
  const { ofStore, ofRuntime, events } = await workThrough(10_000, () => crash(0));

  expect(ofStore).toEqual(ONCE_EACH_TIME);
  expect(events).toEqual(ONCE_EACH_TIME);
  expect(ofRuntime.length).toBeLessThanOrEqual(2);
}, 40_000);

it("goes on when the server was away for longer than the lease", async () => {
  const { ofStore, ofRuntime, events } = await workThrough(1_000, () => crash(2_000));

  expect(ofStore).toEqual(ONCE_EACH_TIME);
  expect(events).toEqual(ONCE_EACH_TIME);
  expect(ofRuntime).toEqual(["store_unavailable", "store_unavailable"]);
}, 40_000);

it("goes on when every connection is cut", async () => {
  const { ofStore, ofRuntime, events } = await workThrough(10_000, terminateAll);

  // A connection that was idle is replaced without a word.
  expect(ofStore).toEqual(ONCE_EACH_TIME.slice(0, ofStore.length));
  expect(events).toEqual(ONCE_EACH_TIME.slice(0, events.length));
  expect(ofRuntime.length).toBeLessThanOrEqual(2);
}, 40_000);
