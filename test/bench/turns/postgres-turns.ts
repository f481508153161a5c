import { postgresStore } from "@troupe/postgres";
import { Client } from "pg";
import { type Aim, atLeast, atMost, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { type Comparison, compareAndClose, type Latency, paceOf } from "./compare.ts";
import { comparisonTable } from "./comparison-table.ts";

interface Found {
  readonly version: string;
  readonly fsync: string;
  readonly sizes: readonly Comparison[];
}

/** Durable turns and hops on PostgreSQL, beside the bare commit statement. */
export const postgresTurns = benchmark<Found>({
  name: "postgres",
  async measure(lab) {
    const sizes: Comparison[] = [];
    for (const active of lab.sizes([1, 16, 64, 256, 2_048], [1, 16])) {
      lab.say(`turns on PostgreSQL, ${active} active`);
      sizes.push(await compareAt(lab, active));
    }
    const url = await lab.serverUrl();
    const fsync = `${await ask(url, "show fsync")}, synchronous_commit ${await ask(url, "show synchronous_commit")}`;
    return { version: await ask(url, "show server_version"), fsync, sizes };
  },
  lines: ({ version, fsync, sizes }) => [
    ...comparisonTable(`PostgreSQL ${version}, fsync ${fsync}`, sizes),
    ...sizes.filter(isSingle).map(hopLine),
  ],
  aims: ({ sizes }) => sizes.flatMap(aimsOf),
});

async function compareAt(lab: Lab, active: number): Promise<Comparison> {
  await using database = await lab.freshDatabase();
  const open = (schema: string) => postgresStore({ url: database.url, schema });
  const stores = { runtime: await open("troupe"), bare: await open("bare") };
  return await compareAndClose(stores, active, paceOf(lab, `postgres-${active}`));
}

function aimsOf({ active, ratio, hop, bareCommit }: Comparison): Aim[] {
  if (active === 256 || active === 2_048)
    return [atLeast(`PostgreSQL, ${active} active: turns/s to the bare statement's`, 0.6, ratio.median)];
  if (active > 1) return [];
  return (["p50", "p99"] as const).map((share) =>
    atMost(`PostgreSQL, 1 active: one hop to the bare round trip (${share})`, 1.5, hop[share] / bareCommit[share]),
  );
}

function isSingle({ active }: Comparison): boolean {
  return active === 1;
}

function hopLine({ hop, bareCommit }: Comparison): string {
  const words = ({ p50, p99 }: Latency) => `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  return `one hop: ${words(hop)}; bare commit: ${words(bareCommit)}`;
}

async function ask(url: string, statement: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(statement);
  await client.end();
  return Object.values(rows[0] ?? {})[0] ?? "";
}
