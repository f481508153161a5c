import { Client } from "pg";
import type { FreshDatabase } from "../../postgres/fresh-database.ts";
import { type Aim, atLeast, type Benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { measureInTurns } from "./in-turns.ts";
import { closest, type Standing, standingTable } from "./standing.ts";
import { type Candidate, TROUPE } from "./systems.ts";

interface DurableHops {
  readonly active: number;
  readonly standings: readonly Standing[];
}

interface Found {
  /** The settings of PostgreSQL that count. */
  readonly server: Readonly<Record<string, string>>;
  readonly sizes: readonly DurableHops[];
}

const SETTINGS = `
  select name, setting from pg_settings where name in ('server_version', 'fsync', 'synchronous_commit') order by name`;

/** Hops a second, and what one takes, of every durable system on one server, with so many tokens under way. */
export function durableHops(candidates: readonly Candidate[]): Benchmark<Found> {
  return {
    name: "durable",
    async measure(lab) {
      const sizes: DurableHops[] = [];
      for (const active of lab.sizes([1, 16, 64, 256, 2_048], [1, 16]))
        sizes.push({ active, standings: await measureSize(lab, candidates, active) });
      return { server: await settingsOf(await lab.serverUrl()), sizes };
    },
    lines: ({ server, sizes }) => [
      `PostgreSQL: ${Object.entries(server)
        .map((setting) => setting.join(" "))
        .join(", ")}`,
      ...sizes.flatMap(({ active, standings }) => [
        "",
        ...standingTable(`durable hops, ${active.toLocaleString("en")} active`, standings, active === 1),
      ]),
    ],
    aims: ({ sizes }) => sizes.flatMap(aimsOf),
  };
}

async function settingsOf(url: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(SETTINGS);
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  } finally {
    await client.end();
  }
}

async function measureSize(lab: Lab, candidates: readonly Candidate[], active: number): Promise<Standing[]> {
  lab.say(`durable, ${active} active`);
  const databases: FreshDatabase[] = [];
  try {
    return await measureInTurns(lab, candidates, async () => {
      const database = await lab.freshDatabase();
      databases.push(database);
      return [database.url, active];
    });
  } finally {
    for (const database of databases) await database.drop();
  }
}

function aimsOf({ active, standings }: DurableHops): Aim[] {
  if (active !== 1 && active < 64) return [];
  const bound = active === 1 ? 2 : 20;
  const aims: Aim[] = [];
  for (const which of ["any", "whole"] as const) {
    const peer = closest(standings, which);
    const whose = which === "any" ? "any peer" : "any whose hop is as much";
    if (peer) aims.push(atLeast(`${active} active: to ${whose} (${peer.name})`, bound, peer.ratio));
  }
  return active === 1 ? [...aims, ...latencyAims(standings)] : aims;
}

function latencyAims(standings: readonly Standing[]): Aim[] {
  const ours = standings.find(({ name }) => name === TROUPE);
  if (ours === undefined) return [];
  return (["p50", "p99"] as const).flatMap((which) => {
    const peers = standings.filter(({ name, failure }) => name !== TROUPE && failure === null);
    const [best] = peers.toSorted((one, other) => one.hop[which] - other.hop[which]);
    if (best === undefined) return [];
    const what = `1 active: a hop's ${which}, ms, below every peer's (${best.name})`;
    const found = ours.hop[which];
    return [
      { what, aim: `< ${best.hop[which].toFixed(2)}`, found: found.toFixed(2), reached: found < best.hop[which] },
    ];
  });
}
