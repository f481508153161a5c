import type { Bus, Doorbell } from "@troupe/core";
import pg from "pg";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import type { FreshDatabase } from "../../../test/postgres/fresh-database.ts";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { postgresBus } from "../src/index.ts";

let database: FreshDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

const bell: Doorbell = { about: "shard", shard: 7 };

function openBus(options: { keepAliveMs?: number; url?: string } = {}): Bus {
  const bus = postgresBus({ url: database.url, ...options });
  onTestFinished(() => bus.close());
  return bus;
}

/** What a bus hears, and a promise for when it hears something of the sort. */
function ears(bus: Bus) {
  const heard: Doorbell[] = [];
  bus.listen((bell) => heard.push(bell));
  return heard;
}

/** A bus is deaf until its connection listens, so the bell is rung until it is heard. */
async function ringUntilHeard(from: Bus, heard: readonly Doorbell[], rung: Doorbell = bell) {
  await vi.waitUntil(
    () => {
      from.ring([rung]);
      return heard.some((one) => JSON.stringify(one) === JSON.stringify(rung));
    },
    { timeout: 10_000, interval: 20 },
  );
}

it("carries bells to another process, and to its own", async () => {
  const here = openBus();
  const there = openBus();
  const heard = ears(there);
  const own = ears(here);

  await ringUntilHeard(here, heard);
  await ringUntilHeard(here, heard, { about: "run", run: "r" });

  expect(own).toContainEqual(bell);
});

it("is not heard before ring returns", () => {
  const bus = openBus();
  const heard = ears(bus);

  bus.ring([bell]);

  expect(heard).toEqual([]);
});

it("sends what is rung meanwhile together", async () => {
  const here = openBus();
  const there = openBus();
  const heard = ears(there);
  await ringUntilHeard(here, heard);
  const query = vi.spyOn(pg.Client.prototype, "query");
  heard.length = 0;

  for (let n = 0; n < 1_000; n++) here.ring([{ about: "shard", shard: n }]);
  await vi.waitUntil(() => new Set(heard.map((one) => one.about === "shard" && one.shard)).size === 1_000);

  const sent = query.mock.calls.filter(([text]) => JSON.stringify(text)?.includes("pg_notify"));
  expect(sent.length).toBeLessThan(10);
});

it("listens again after its connection was cut", async () => {
  const here = openBus();
  const there = openBus({ keepAliveMs: 200 });
  const heard = ears(there);
  await ringUntilHeard(here, heard);

  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'troupe bus' and datname = current_database()",
  );
  heard.length = 0;

  await ringUntilHeard(here, heard);
});

it("says nothing about a server that is not there, and closes at once", async () => {
  const bus = openBus({ url: "postgres://nobody@127.0.0.1:1/none" });
  ears(bus);

  bus.ring([bell]);
  await bus.close();
  bus.ring([bell]);
  await bus.close();
});

it("stops telling a listener that stopped", async () => {
  const bus = openBus();
  const heard: Doorbell[] = [];
  const stop = bus.listen((bell) => heard.push(bell));
  const other = ears(bus);

  stop();
  bus.ring([bell]);
  await vi.waitUntil(() => other.length > 0);

  expect(heard).toEqual([]);
});
