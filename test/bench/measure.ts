import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Store } from "@troupe/core";
import { embeddedStore, postgresStore } from "@troupe/postgres";
import { Client } from "pg";
import { freshDatabase } from "../postgres/fresh-database.ts";
import { startPostgres } from "../postgres/start-postgres.ts";
import { type Comparison, compare, type Pace, type StorePair } from "./compare.ts";
import type { IdleMemory } from "./idle-actors.ts";
import { describeMachine, type Machine } from "./machine.ts";
import { type MemoryRate, memoryRate } from "./memory-rate.ts";
import type { BenchOptions } from "./options.ts";
import { profile } from "./profile.ts";

export interface Findings {
  readonly machine: Machine;
  readonly postgres?: { readonly version: string; readonly fsync: string; readonly sizes: readonly Comparison[] };
  readonly embedded?: readonly Comparison[];
  readonly memory?: readonly MemoryRate[];
  readonly idle?: readonly IdleMemory[];
}

type Say = (what: string) => void;

/** Measures what was asked for, one after the other, on `DATABASE_URL` or a server of its own. */
export async function measure(options: BenchOptions, say: Say): Promise<Findings> {
  const { parts, sizes, idleActors } = options;
  const has = (part: (typeof parts)[number]) => parts.includes(part);
  say("the machine");
  const machine = await describeMachine();
  const given = process.env.DATABASE_URL;
  await using server = !given && (has("postgres") || has("idle")) ? await startPostgres() : undefined;
  const url = given ?? server?.url ?? "";
  const pace = { ...options, profile: undefined };
  const profiled = (part: string, active: number): Pace => {
    const folder = options.profile;
    return folder ? { ...pace, profile: (round) => profile(folder, `${part}-${active}`, round) } : pace;
  };
  return {
    machine,
    ...(has("postgres") && { postgres: await onPostgres(url, sizes.postgres, profiled, say) }),
    ...(has("embedded") && { embedded: await onEmbedded(sizes.embedded, profiled, say) }),
    ...(has("memory") && { memory: await onMemory(sizes.memory, profiled, say) }),
    ...(has("idle") && { idle: [await idleOn("memory", idleActors, say), await idleOnPostgres(url, idleActors, say)] }),
  };
}

type PaceOf = (part: string, active: number) => Pace;

async function onPostgres(url: string, sizes: readonly number[], paceOf: PaceOf, say: Say) {
  const found: Comparison[] = [];
  for (const active of sizes) {
    say(`PostgreSQL, ${active} active`);
    await using database = await freshDatabase(url);
    const open = (schema: string) => postgresStore({ url: database.url, schema });
    found.push(
      await compareAndClose(
        { runtime: await open("troupe"), bare: await open("bare") },
        active,
        paceOf("postgres", active),
      ),
    );
  }
  const version = await ask(url, "show server_version");
  const fsync = `${await ask(url, "show fsync")}, synchronous_commit ${await ask(url, "show synchronous_commit")}`;
  return { version, fsync, sizes: found };
}

async function onEmbedded(sizes: readonly number[], paceOf: PaceOf, say: Say): Promise<Comparison[]> {
  const found: Comparison[] = [];
  for (const active of sizes) {
    say(`embedded, ${active} active`);
    const folder = await mkdtemp(join(tmpdir(), "troupe-bench-"));
    try {
      const open = (name: string) => embeddedStore({ path: join(folder, name) });
      found.push(
        await compareAndClose(
          { runtime: await open("runtime"), bare: await open("bare") },
          active,
          paceOf("embedded", active),
        ),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return found;
}

async function onMemory(sizes: readonly number[], paceOf: PaceOf, say: Say): Promise<MemoryRate[]> {
  const found: MemoryRate[] = [];
  for (const active of sizes) {
    say(`memory, ${active} active`);
    found.push(await memoryRate(active, paceOf("memory", active)));
  }
  return found;
}

async function compareAndClose(stores: StorePair, active: number, pace: Pace): Promise<Comparison> {
  try {
    return await compare(stores, active, pace);
  } finally {
    await Promise.all([stores.runtime, stores.bare].map((store: Store) => store.close()));
  }
}

async function idleOnPostgres(url: string, actors: number, say: Say): Promise<IdleMemory> {
  await using database = await freshDatabase(url);
  return await idleOn(database.url, actors, say);
}

async function idleOn(spec: string, actors: number, say: Say): Promise<IdleMemory> {
  say(`${actors} idle actors on ${spec === "memory" ? spec : "PostgreSQL"}`);
  const program = join(import.meta.dirname, "idle-actors.ts");
  const flags = ["--conditions=source", "--expose-gc"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, spec, String(actors)]);
  return JSON.parse(stdout) as IdleMemory;
}

async function ask(url: string, statement: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(statement);
  await client.end();
  return Object.values(rows[0] ?? {})[0] ?? "";
}
