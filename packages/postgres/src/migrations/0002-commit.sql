-- A commit: everything that some turns did, or nothing. Called by one statement of its own, at READ COMMITTED, so that
-- each statement in here sees what was committed before it began: a lock that was waited for is followed by a fresh look.
--
-- Locks, in this order: the worker's row (the fence: a take-over takes it too, and the same worker's other attempts),
-- the runs in the order of their ids, then rows of shards that the worker owns, which nobody else writes.
-- Shards are read without a lock: `claim_shards` changes them only while it holds the owner's row.
--
-- What must not be applied raises, and leaves no trace:
--   TR001 fenced, TR002 ended, TR003 over a limit (the detail says which, as JSON), TR004 cannot ever be applied.
--
-- Arrays of one prefix are the columns of one table; null in place of empty ones.
--
-- The rows of the arrays look up their partners by index, and never the other way round: a table may have been analysed
-- when it was empty, or when nothing in it was waiting or running, and a plan made then would go through all that is there
-- now for each row of the arrays. `= any (array[x])` can be looked up like `= x`, but gives no reason to read an index from
-- end to end; `|| ''` and `coalesce` keep indexes out of it that hold part of a table.

-- Mail for an unknown shard would wait there for ever.
create function troupe.check_shards(p_shards bigint[])
returns void
language plpgsql stable
as $$
begin
  perform from unnest(p_shards) g (shard) where not exists (select from troupe.shards s where s.id = g.shard);
  if found then
    raise exception 'there is no such shard among %', p_shards using errcode = 'TR004';
  end if;
end
$$;

-- Mail for shards that others may own, in the order of the arrays. Rows whose key is known, waiting or admitted, and rows
-- of a run that is not running are ignored. The caller holds the runs' rows, lest one ends meanwhile.
create function troupe.put_in_inbox(
  post_shard bigint[], post_key text[], post_run text[], post_channel text[], post_sender text[], post_recipient text[],
  post_kind text[], post_body bytea[], post_cause text[], post_at bigint[], post_headers bytea[]
) returns void
language plpgsql volatile
as $$
begin
  perform troupe.check_shards(post_shard);
  insert into troupe.inbox (shard, key, run, channel, sender, recipient, kind, body, cause, at, headers)
    select m.shard, m.key, m.run, m.channel, m.sender, m.recipient, m.kind, m.body, m.cause, m.at, m.headers
    from unnest(
      post_shard, post_key, post_run, post_channel, post_sender, post_recipient, post_kind, post_body, post_cause,
      post_at, post_headers
    ) with ordinality m (shard, key, run, channel, sender, recipient, kind, body, cause, at, headers, place)
    where (select r.status from troupe.runs r where r.id = m.run) = 'running'
    order by m.place
    on conflict (shard, key) do nothing;
end
$$;

create function troupe.commit_batch(
  p_worker text, p_number bigint, p_lease_ms bigint, p_flaw text,
  lease_shard bigint[], lease_epoch bigint[],
  charge_run text[], charge_turns bigint[], charge_messages bigint[], charge_actors bigint[], charge_groups bigint[],
  charge_stopped bigint[], end_status text[], end_result bytea[], end_error text[],
  group_name text[], group_shard bigint[], group_run text[], group_depth bigint[], group_admin text[], group_spawner text[],
  spawn_group text[], spawn_name text[], spawn_definition text[], spawn_spawner text[], spawn_cursor bigint[], spawn_state bytea[],
  log_channel bigint[], log_seq bigint[], log_sender text[], log_recipient text[], log_kind text[], log_body bytea[],
  log_cause text[], log_at bigint[], log_headers bytea[],
  actor_channel bigint[], actor_name text[], actor_standing text[], actor_cursor bigint[], actor_turn bigint[],
  actor_progress bytea[], actor_state bytea[],
  channel_id bigint[], channel_head bigint[], channel_wake_at bigint[],
  turn_channel bigint[], turn_actor text[], turn_turn bigint[], turn_attempt bigint[], turn_first_seq bigint[],
  turn_last_seq bigint[], turn_started_at bigint[], turn_ms bigint[], turn_outcome text[], turn_error text[],
  step_channel bigint[], step_actor text[], step_turn bigint[], step_key text[], step_record bytea[], step_at bigint[],
  letter_channel bigint[], letter_seq bigint[], letter_actor text[], letter_reason text[], letter_attempts bigint[],
  letter_error text[], letter_at bigint[],
  post_shard bigint[], post_key text[], post_run text[], post_channel text[], post_sender text[], post_recipient text[],
  post_kind text[], post_body bytea[], post_cause text[], post_at bigint[], post_headers bytea[],
  admit_shard bigint[], admit_key text[]
) returns table (
  run text, turns bigint, messages bigint, actors bigint, actors_living bigint, groups bigint, model_calls bigint,
  tokens bigint, cost bigint, quiescent boolean
)
language plpgsql volatile
set lock_timeout = '10s'
-- The few rows of the arrays look up their partners by index, however small the tables are when the plan is made.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
  applied bigint;
  refused jsonb;
  touched text[];
  awake text[];
  written bigint;
begin
  -- At a stricter level the fence would look at the shards as they were before it waited.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'commits need READ COMMITTED, not %', upper(current_setting('transaction_isolation'))
      using errcode = 'TR004';
  end if;

  update troupe.workers w
    set commits = p_number, expires_at = clock_timestamp() + p_lease_ms * interval '1 ms'
    where w.id = p_worker and w.commits = p_number - 1;
  if not found then
    select w.commits into applied from troupe.workers w where w.id = p_worker;
    if applied is null then
      raise exception 'fenced' using errcode = 'TR001', detail = to_json(coalesce(lease_shard, '{}'))::text;
    elsif applied <> p_number or p_number < 1 then
      raise exception 'commit % does not follow commit %', p_number, applied using errcode = 'TR004';
    end if;
    return query
      select r.id, r.turns, r.messages, r.actors, r.actors_living, r.groups, r.model_calls, r.tokens, r.cost,
             r.status = 'quiescent'
      from troupe.runs r where r.id = any (charge_run);
    return;
  end if;

  select json_agg(l.shard order by l.shard) into refused
    from unnest(lease_shard, lease_epoch) l (shard, epoch)
    where not exists (
      select from troupe.shards s where s.id = l.shard and s.epoch = l.epoch and s.owner = p_worker
    );
  if refused is not null then
    raise exception 'fenced' using errcode = 'TR001', detail = refused::text;
  end if;

  if charge_run is not null then
    with charged as (
      update troupe.runs r set
        turns = r.turns + c.turns,
        messages = r.messages + c.messages,
        actors = r.actors + c.actors,
        actors_living = r.actors_living + c.actors - c.stopped,
        groups = r.groups + c.groups,
        status = coalesce(c.end_status, r.status),
        result = c.end_result,
        error = c.end_error,
        ended_at = case when c.end_status is not null then (extract(epoch from clock_timestamp()) * 1000)::bigint end
      from unnest(
        charge_run, charge_turns, charge_messages, charge_actors, charge_groups, charge_stopped,
        end_status, end_result, end_error
      ) c (run, turns, messages, actors, groups, stopped, end_status, end_result, end_error)
      where r.id = any (array[c.run]) and r.status || '' = 'running'
      -- Only what the commit adds to can be broken by it.
      returning r.id, case
        when c.turns > 0 and r.turns > (r.limits ->> 'turns')::bigint then 'turns'
        when c.groups > 0 and r.groups > (r.limits ->> 'groups')::bigint then 'groups'
        when c.actors > 0 and r.actors > (r.limits ->> 'actorsEver')::bigint then 'actorsEver'
        when c.actors > 0 and r.actors_living > (r.limits ->> 'actors')::bigint then 'actors'
      end as broken
    )
    select array_agg(id), json_agg(json_build_object('run', id, 'limit', broken)) filter (where broken is not null)
      into touched, refused from charged;
    if cardinality(touched) is distinct from cardinality(charge_run) then
      select json_agg(c) into refused from unnest(charge_run) c where touched is null or c <> all (touched);
      raise exception 'ended' using errcode = 'TR002', detail = refused::text;
    elsif refused is not null then
      raise exception 'over limit' using errcode = 'TR003', detail = refused::text;
    end if;
  end if;

  if p_flaw is not null then
    raise exception '%', p_flaw using errcode = 'TR004';
  end if;

  if group_name is not null then
    perform troupe.check_shards(group_shard);
    insert into troupe.channels (name, kind, shard, run, depth, admin, spawner)
      select g.name, 'group', g.shard, g.run, g.depth, g.admin, g.spawner
      from unnest(group_name, group_shard, group_run, group_depth, group_admin, group_spawner)
        g (name, shard, run, depth, admin, spawner);
  end if;

  if spawn_group is not null then
    insert into troupe.agents (channel, name, definition, spawner, cursor, state)
      select c.id, s.name, s.definition, s.spawner, s.cursor, s.state
      from unnest(spawn_group, spawn_name, spawn_definition, spawn_spawner, spawn_cursor, spawn_state)
        s (home, name, definition, spawner, cursor, state)
      cross join lateral (select h.id from troupe.channels h where h.name = s.home and h.kind = 'group' offset 0) c;
    get diagnostics written = row_count;
    if written <> cardinality(spawn_group) then
      raise exception 'an actor was spawned in a group that does not exist' using errcode = 'TR004';
    end if;
  end if;

  if log_channel is not null then
    insert into troupe.log (channel, seq, sender, recipient, kind, body, cause, at, headers)
      select l.channel, l.seq, l.sender, l.recipient, l.kind, l.body, l.cause, l.at, l.headers
      from unnest(log_channel, log_seq, log_sender, log_recipient, log_kind, log_body, log_cause, log_at, log_headers)
        l (channel, seq, sender, recipient, kind, body, cause, at, headers);
  end if;

  if actor_channel is not null then
    update troupe.agents a set
        standing = w.standing, cursor = w.cursor, turn = w.turn, progress = w.progress,
        state = coalesce(w.state, a.state)
      from unnest(
        actor_channel, actor_name, actor_standing, actor_cursor, actor_turn, actor_progress, actor_state
      ) w (channel, name, standing, cursor, turn, progress, state)
      where a.channel = any (array[w.channel]) and a.name = w.name;
    get diagnostics written = row_count;
    if written <> cardinality(actor_channel) then
      raise exception 'an actor was written that does not exist' using errcode = 'TR004';
    end if;
  end if;

  if channel_id is not null then
    with moved as (
      update troupe.channels c set head = w.head, wake_at = w.wake_at
        from unnest(channel_id, channel_head, channel_wake_at) w (id, head, wake_at)
        where c.id = any (array[w.id]) and c.shard = any (lease_shard)
        returning c.run, c.wake_at
    )
    select count(*), array_agg(distinct run) filter (where wake_at is not null) into written, awake from moved;
    if written <> cardinality(channel_id) then
      raise exception 'a channel was written that does not exist or is not in a leased shard' using errcode = 'TR004';
    end if;
  end if;

  if turn_channel is not null then
    insert into troupe.turns (channel, actor, turn, attempt, first_seq, last_seq, started_at, ms, outcome, error)
      select * from unnest(
        turn_channel, turn_actor, turn_turn, turn_attempt, turn_first_seq, turn_last_seq, turn_started_at, turn_ms,
        turn_outcome, turn_error
      );
  end if;

  if step_channel is not null then
    insert into troupe.steps (channel, actor, turn, key, record, at)
      select * from unnest(step_channel, step_actor, step_turn, step_key, step_record, step_at);
  end if;

  if letter_channel is not null then
    insert into troupe.dead_letters (channel, seq, actor, reason, attempts, error, at)
      select d.channel, d.seq, d.actor, d.reason, d.attempts, d.error, d.at
      from unnest(letter_channel, letter_seq, letter_actor, letter_reason, letter_attempts, letter_error, letter_at)
        d (channel, seq, actor, reason, attempts, error, at)
      where (select true from troupe.log l where l.channel = d.channel and l.seq = d.seq);
    get diagnostics written = row_count;
    if written <> cardinality(letter_channel) then
      raise exception 'a dead letter has no message' using errcode = 'TR004';
    end if;
  end if;

  if admit_shard is not null then
    update troupe.inbox i set admitted_at = clock_timestamp(), body = null, headers = null
      from unnest(admit_shard, admit_key) a (shard, key)
      where i.shard = any (array[a.shard]) and i.key = a.key and a.shard = any (lease_shard)
        and coalesce(i.admitted_at, '-infinity') = '-infinity';
    get diagnostics written = row_count;
    if written <> cardinality(admit_shard) then
      raise exception 'mail was admitted that is not in the inbox' using errcode = 'TR004';
    end if;
  end if;

  if end_status is not null then
    perform troupe.lay_to_rest(
      array(select e.run from unnest(charge_run, end_status) e (run, status) where e.status is not null)
    );
  end if;

  -- After the ends: mail to a run that is over is dropped.
  if post_shard is not null then
    perform troupe.put_in_inbox(
      post_shard, post_key, post_run, post_channel, post_sender, post_recipient, post_kind, post_body, post_cause,
      post_at, post_headers
    );
  end if;

  -- A run one of whose channels was left awake just now is not at rest; only the others are worth a look.
  if charge_run <> coalesce(awake, '{}') then
    update troupe.runs r
      set status = 'quiescent', ended_at = (extract(epoch from clock_timestamp()) * 1000)::bigint
      where r.id = any (charge_run) and r.id <> all (coalesce(awake, '{}')) and r.status || '' = 'running'
        and (select c.wake_at from troupe.channels c where c.run = r.id order by c.wake_at limit 1) is null
        and not exists (select from troupe.inbox i where i.run = r.id and i.body is not null offset 0);
  end if;

  return query
    select r.id, r.turns, r.messages, r.actors, r.actors_living, r.groups, r.model_calls, r.tokens, r.cost,
           r.status = 'quiescent'
    from troupe.runs r where r.id = any (charge_run);
end
$$;
