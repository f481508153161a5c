import { type Commit, encode } from "@troupe/core";
import type { Client } from "pg";
import { expect, it } from "vitest";
import { commitOf, messageRows, submission } from "./fixtures.ts";
import { type PostgresWorld, postgresWorld } from "./postgres-world.ts";

const FEW = 200;
const MANY = 3_000;

/** Copies of what was submitted as `one`: each of `$1` with its number, up to `$2`. */
const COPY = [
  `insert into troupe.runs
   select (jsonb_populate_record(r, jsonb_build_object('id', $1 || n))).*
   from troupe.runs r, generate_series(1, $2::int) n where r.id = 'one'`,
  `insert into troupe.channels overriding system value
   select (jsonb_populate_record(c, jsonb_build_object(
     'id', nextval('troupe.channels_id_seq'), 'name', $1 || n, 'run', $1 || n))).*
   from troupe.channels c, generate_series(1, $2::int) n where c.name = 'one'`,
  `insert into troupe.agents
   select (jsonb_populate_record(a, jsonb_build_object('channel', c.id))).*
   from troupe.agents a join troupe.channels o on o.id = a.channel and o.name = 'one', generate_series(1, $2::int) n
   join troupe.channels c on c.name = $1 || n`,
  `insert into troupe.inbox overriding system value
   select (jsonb_populate_record(i, jsonb_build_object(
     'id', nextval('troupe.inbox_id_seq'), 'key', 'first:' || $1 || n, 'run', $1 || n, 'channel', $1 || n))).*
   from troupe.inbox i, generate_series(1, $2::int) n where i.key = 'first:one'`,
];

async function makeRuns(session: Client, name: string, count: number): Promise<readonly string[]> {
  for (const statement of COPY) await session.query(statement, [name, count]);
  return Array.from({ length: count }, (_, place) => `${name}${place + 1}`);
}

/** The rows of all of them as those of one commit. */
function merged(rows: readonly Partial<Commit>[]): Partial<Commit> {
  const names = [...new Set(rows.flatMap((some) => Object.keys(some)))] as (keyof Commit)[];
  return Object.fromEntries(names.map((name) => [name, rows.flatMap((some): unknown[] => [some[name] ?? []].flat())]));
}

/** Milliseconds a run for two commits: one lets the first message into each of the runs, the other leaves them at rest. */
async function timeCommits({ store }: PostgresWorld, number: number, runs: readonly string[]): Promise<number> {
  const keys = new Map((await store.loadChannels(runs)).map(({ name, key }) => [name, key]));
  const actor = { name: "root", standing: "active" as const, turn: 2, progress: null, state: encode("new") };
  const first = runs.map((run): Partial<Commit> => {
    const channel = keys.get(run) ?? 0;
    const admitted = [{ shard: 0, key: `first:${run}` }];
    return { ...messageRows(run, channel, 1), admitted, actors: [{ ...actor, channel, cursor: 1 }] };
  });
  const last = runs.map((run): Partial<Commit> => {
    const { charges = [] } = messageRows(run, 0, 0);
    return { charges, channels: [{ channel: keys.get(run) ?? 0, head: 1, wakeAt: null }] };
  });

  const startedAt = performance.now();
  const outcomes = [
    await store.commit(commitOf("ann", number, merged(first))),
    await store.commit(commitOf("ann", number + 1, merged(last))),
  ];
  const ms = performance.now() - startedAt;

  const atRest = outcomes.map((outcome) =>
    "accounts" in outcome ? outcome.accounts.filter((run) => run.quiescent) : [],
  );
  expect(atRest.map((accounts) => accounts.length)).toEqual([0, runs.length]);
  return ms / runs.length;
}

it.each([
  { when: "before there was anything", analysed: "empty" },
  { when: "when all was at rest", analysed: "at rest" },
  { when: "never", analysed: "never" },
])(
  "commits many rows as fast, each, as few where the tables were analysed $when",
  async ({ analysed }) => {
    const world = await postgresWorld();
    const session = await world.session();
    if (analysed === "empty") await session.query("vacuum analyze");
    await world.store.submit(submission("one"));
    await world.store.join("ann", "first", 60_000);
    await world.store.claim("ann", world.store.shards);
    const few = await timeCommits(world, 1, await makeRuns(session, "few", FEW));
    if (analysed === "at rest") await session.query("vacuum analyze");

    const many = await timeCommits(world, 3, await makeRuns(session, "many", MANY));

    expect(many).toBeLessThan(few * 1.5);
  },
  60_000,
);
