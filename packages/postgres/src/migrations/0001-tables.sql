-- Every name is written with the schema `troupe`; a store in another schema replaces the word before it runs this.
-- Times are the workers' milliseconds since 1970, except leases, which the database judges by its own clock.

-- Small and rewritten with every commit: room in each page keeps the updates in place.
create table troupe.workers (
  id text collate "C" primary key,
  deployment text not null,
  expires_at timestamptz not null,
  -- Number of the last commit that was applied.
  commits bigint not null default 0
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table troupe.shards (
  id int primary key,
  epoch bigint not null default 0,
  owner text collate "C",
  deployment text
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table troupe.runs (
  id text collate "C" primary key,
  tenant text collate "C" not null,
  key text collate "C",
  definition text not null,
  deployment text not null,
  -- Of the root group.
  shard int not null,
  status text collate "C" not null
    check (status in ('running', 'finished', 'quiescent', 'failed', 'cancelled')),
  limits jsonb not null,
  turns bigint not null,
  messages bigint not null,
  actors bigint not null,
  actors_living bigint not null,
  groups bigint not null,
  model_calls bigint not null,
  tokens bigint not null,
  cost bigint not null,
  resumed bigint not null,
  created_at bigint not null,
  ended_at bigint,
  error text,
  -- Stored out of line as soon as the row outgrows half a kilobyte: every commit copies it.
  input bytea not null,
  result bytea,
  unique (tenant, key)
) with (
  fillfactor = 30, toast_tuple_target = 512, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000
);
create index runs_by_age on troupe.runs (created_at);
create index runs_ended on troupe.runs (ended_at) where ended_at is not null;
create index runs_running on troupe.runs (shard) where status = 'running';

create table troupe.channels (
  id bigint generated always as identity primary key,
  name text collate "C" not null unique,
  kind text collate "C" not null check (kind in ('group', 'admin')),
  shard int not null,
  run text collate "C" not null,
  depth bigint not null,
  admin text not null,
  spawner text,
  head bigint not null default 0,
  -- 0 now, null never, else the time; the largest safe integer: only mail can move it.
  wake_at bigint
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
create index channels_due on troupe.channels (shard, wake_at) where wake_at is not null;
-- One index for "the channels of a run" and for "is one of them awake".
create index channels_by_run on troupe.channels (run, wake_at);

-- No index on what a turn updates, and room in each page: updates stay in place.
create table troupe.agents (
  channel bigint not null,
  name text collate "C" not null,
  definition text not null,
  spawner text,
  standing text collate "C" not null default 'active'
    check (standing in ('active', 'paused', 'stopped', 'quarantined')),
  cursor bigint not null,
  turn bigint not null default 1,
  progress bytea,
  state bytea not null,
  primary key (channel, name)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

create table troupe.log (
  channel bigint not null,
  seq bigint not null,
  at bigint not null,
  sender text not null,
  recipient text collate "C",
  kind text not null,
  cause text,
  headers bytea,
  body bytea not null,
  primary key (channel, seq)
);
create index log_by_recipient on troupe.log (channel, recipient, seq);
-- For the sweep; rows lie in the order of their times, so a few bytes for each range of pages do.
create index log_by_age on troupe.log using brin (at) with (autosummarize = on);

create table troupe.turns (
  channel bigint not null,
  actor text collate "C" not null,
  turn bigint not null,
  attempt bigint not null,
  first_seq bigint not null,
  last_seq bigint not null,
  started_at bigint not null,
  ms bigint not null,
  outcome text collate "C" not null check (outcome in ('done', 'failed', 'dead')),
  error text,
  primary key (channel, actor, turn, attempt)
);
create index turns_by_age on troupe.turns using brin (started_at) with (autosummarize = on);

create table troupe.steps (
  channel bigint not null,
  actor text collate "C" not null,
  turn bigint not null,
  key text collate "C" not null,
  at bigint not null,
  record bytea not null,
  primary key (channel, actor, turn, key)
);
create index steps_by_age on troupe.steps using brin (at) with (autosummarize = on);

-- Mail on its way in: waits for milliseconds. What was admitted stays as a bare key until the sweep, so that a post that
-- is repeated is known for the same mail.
create table troupe.inbox (
  -- The order in which each sender posted.
  id bigint generated always as identity,
  shard int not null,
  key text collate "C" not null,
  run text collate "C" not null,
  channel text collate "C" not null,
  sender text not null,
  recipient text,
  kind text not null,
  cause text,
  at bigint not null,
  headers bytea,
  -- Null once it was admitted.
  body bytea,
  admitted_at timestamptz,
  primary key (shard, key)
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
create index inbox_waiting on troupe.inbox (shard, id) where admitted_at is null;
-- The same rows under another name, so that each index is taken for its own question alone.
create index inbox_by_run on troupe.inbox (run) where body is not null;
create index inbox_admitted on troupe.inbox using brin (admitted_at) with (autosummarize = on);

create table troupe.dead_letters (
  channel bigint not null,
  seq bigint not null,
  actor text collate "C" not null,
  reason text not null,
  attempts bigint not null,
  error text,
  at bigint not null,
  primary key (channel, seq, actor)
);
create index dead_letters_by_age on troupe.dead_letters (at);
