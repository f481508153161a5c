import { type RunId, shardOf, systemRandom } from "@troupe/core";
import type { Client } from "pg";

/** Which channel of a copy stands for which channel of the original. */
const MAKE_HOMES = `
create temporary table homes on commit drop as
select h.copy, h.run, h.template, h.name, h.shard, nextval(pg_get_serial_sequence('troupe.channels', 'id')) as id
from unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::int[]) h (copy, run, template, name, shard)`;

/** Bytes and texts that name the run: ids are all of one length, so nothing else in them changes. */
const AS_COPY = `
create function pg_temp.as_copy(bytes bytea, original text, copy text) returns bytea language sql immutable as $$
  select case when position(original::bytea in bytes) > 0 then decode(
    replace(encode(bytes, 'hex'), encode(original::bytea, 'hex'), encode(copy::bytea, 'hex')), 'hex'
  ) else bytes end
$$`;

const COPIES = [
  `insert into troupe.runs (
     id, tenant, definition, deployment, shard, status, limits, turns, messages, actors, actors_living, groups,
     model_calls, tokens, cost, resumed, created_at, input)
   select h.run, r.tenant, r.definition, r.deployment, h.shard, r.status, r.limits, r.turns, r.messages, r.actors,
     r.actors_living, r.groups, r.model_calls, r.tokens, r.cost, r.resumed, r.created_at, r.input
   from homes h join troupe.runs r on r.id = $1 where h.name = h.run`,
  `insert into troupe.channels (id, name, kind, shard, run, depth, admin, spawner, head, wake_at) overriding system value
   select h.id, h.name, c.kind, h.shard, h.run, c.depth, c.admin, replace(c.spawner, $1, h.run), c.head, c.wake_at
   from homes h join troupe.channels c on c.id = h.template`,
  `insert into troupe.agents (channel, name, definition, spawner, standing, cursor, turn, progress, state)
   select h.id, a.name, a.definition, replace(a.spawner, $1, h.run), a.standing, a.cursor, a.turn,
     pg_temp.as_copy(a.progress, $1, h.run), pg_temp.as_copy(a.state, $1, h.run)
   from homes h join troupe.agents a on a.channel = h.template`,
  `insert into troupe.log (channel, seq, at, sender, recipient, kind, cause, headers, body)
   select h.id, l.seq, l.at, replace(l.sender, $1, h.run), replace(l.recipient, $1, h.run), l.kind,
     c.id || ':' || split_part(l.cause, ':', 2), l.headers, pg_temp.as_copy(l.body, $1, h.run)
   from homes h join troupe.log l on l.channel = h.template
     left join homes c on c.copy = h.copy and c.template = split_part(l.cause, ':', 1)::bigint`,
  `insert into troupe.turns (channel, actor, turn, attempt, first_seq, last_seq, started_at, ms, outcome, error)
   select h.id, t.actor, t.turn, t.attempt, t.first_seq, t.last_seq, t.started_at, t.ms, t.outcome, t.error
   from homes h join troupe.turns t on t.channel = h.template where $1 <> ''`,
  `insert into troupe.steps (channel, actor, turn, key, at, record)
   select h.id, s.actor, s.turn, s.key, s.at, pg_temp.as_copy(s.record, $1, h.run)
   from homes h join troupe.steps s on s.channel = h.template`,
  `insert into troupe.inbox (shard, key, run, channel, sender, recipient, kind, cause, at, admitted_at)
   select h.shard, replace(i.key, $1, h.run), h.run, h.name, replace(i.sender, $1, h.run),
     replace(i.recipient, $1, h.run), i.kind, i.cause, i.at, i.admitted_at
   from homes h join troupe.channels t on t.id = h.template join troupe.inbox i on i.channel = t.name
   where i.admitted_at is not null`,
];

/** Adds so many runs that are like the given one in every row, but have names of their own and the shards of these. */
export async function multiplyRun(client: Client, original: RunId, copies: number): Promise<void> {
  const { rows } = await client.query<{ count: string }>("select count(*) from troupe.shards");
  const shards = Number(rows[0]?.count);
  await client.query("begin");
  await client.query(AS_COPY);
  await client.query(MAKE_HOMES, columns(await homesOf(client, original, copies, shards)));
  await client.query("create index on homes (template); analyze homes");
  for (const statement of COPIES) await client.query(statement, [original]);
  await client.query("commit");
}

type Home = readonly [copy: number, run: RunId, template: string, name: string, shard: number];

async function homesOf(client: Client, original: RunId, copies: number, shards: number): Promise<Home[]> {
  const { rows } = await client.query<{ id: string; name: string }>(
    "select id, name from troupe.channels where run = $1",
    [original],
  );
  return Array.from({ length: copies }, (_, copy) => {
    const run = systemRandom.id();
    return rows.map(({ id, name }): Home => {
      const own = name.replace(original, run);
      return [copy, run, id, own, shardOf(own, shards)];
    });
  }).flat();
}

function columns(homes: readonly Home[]): unknown[][] {
  return [0, 1, 2, 3, 4].map((column) => homes.map((home) => home[column]));
}
