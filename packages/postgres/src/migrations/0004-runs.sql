-- What remains to be done when runs have ended: nothing wakes their channels, and mail on its way to them is dropped.
-- The caller holds the runs' rows.
create function troupe.lay_to_rest(p_runs text[])
returns void
language sql volatile
as $$
  update troupe.channels c set wake_at = null where c.run = any (p_runs) and coalesce(c.wake_at, -1) >= 0;
  delete from troupe.inbox i where i.run = any (p_runs) and i.body is not null;
$$;

-- A run with its root group, its admin channel, its root actor and the root's first message; or the run that is there.
-- A second submission of the same key waits for the first at the unique index, and then answers with it.
create function troupe.submit_run(
  p_id text, p_tenant text, p_key text, p_definition text, p_deployment text, p_status text, p_limits jsonb,
  p_turns bigint, p_messages bigint, p_actors bigint, p_actors_living bigint, p_groups bigint, p_model_calls bigint,
  p_tokens bigint, p_cost bigint, p_input bytea, p_resumed bigint, p_created_at bigint,
  p_admin_channel text, p_shard int, p_depth bigint, p_admin text, p_spawner text,
  p_actor text, p_actor_definition text, p_actor_spawner text, p_actor_cursor bigint, p_actor_state bytea,
  p_mail_shard int, p_mail_key text, p_mail_channel text, p_mail_sender text, p_mail_recipient text, p_mail_kind text,
  p_mail_body bytea, p_mail_cause text, p_mail_at bigint, p_mail_headers bytea
) returns table (run text, created boolean)
language plpgsql volatile
set lock_timeout = '10s'
as $$
#variable_conflict use_column
declare
  root bigint;
begin
  insert into troupe.runs (
    id, tenant, key, definition, deployment, shard, status, limits, turns, messages, actors, actors_living, groups,
    model_calls, tokens, cost, input, resumed, created_at
  ) values (
    p_id, p_tenant, p_key, p_definition, p_deployment, p_shard, p_status, p_limits, p_turns, p_messages, p_actors,
    p_actors_living, p_groups, p_model_calls, p_tokens, p_cost, p_input, p_resumed, p_created_at
  ) on conflict do nothing;
  if not found then
    return query select r.id, false from troupe.runs r where r.id = p_id or (r.tenant = p_tenant and r.key = p_key);
    return;
  end if;

  insert into troupe.channels (name, kind, shard, run, depth, admin, spawner)
    values (p_id, 'group', p_shard, p_id, p_depth, p_admin, p_spawner)
    returning id into root;
  insert into troupe.channels (name, kind, shard, run, depth, admin)
    values (p_admin_channel, 'admin', p_shard, p_id, 0, '');
  insert into troupe.agents (channel, name, definition, spawner, cursor, state)
    values (root, p_actor, p_actor_definition, p_actor_spawner, p_actor_cursor, p_actor_state);
  insert into troupe.inbox (shard, key, run, channel, sender, recipient, kind, body, cause, at, headers)
    values (p_mail_shard, p_mail_key, p_id, p_mail_channel, p_mail_sender, p_mail_recipient, p_mail_kind, p_mail_body,
            p_mail_cause, p_mail_at, p_mail_headers);
  return query select p_id, true;
end
$$;

-- Mail from outside. The runs' rows are held meanwhile, in the order of their ids: none is found at rest, and ended,
-- between the look at its status and the arrival of its mail.
create function troupe.post_mail(
  p_shard bigint[], p_key text[], p_run text[], p_channel text[], p_sender text[], p_recipient text[], p_kind text[],
  p_body bytea[], p_cause text[], p_at bigint[], p_headers bytea[]
) returns void
language sql volatile
set lock_timeout = '10s'
as $$
  select from troupe.runs r where r.id = any (p_run) order by r.id for share;
  select troupe.put_in_inbox(
    p_shard, p_key, p_run, p_channel, p_sender, p_recipient, p_kind, p_body, p_cause, p_at, p_headers
  );
$$;

-- Ends a run that is running; true if it did.
create function troupe.end_run(p_run text, p_status text, p_result bytea, p_error text)
returns boolean
language plpgsql volatile
set lock_timeout = '10s'
as $$
begin
  update troupe.runs r
    set status = p_status, result = p_result, error = p_error,
        ended_at = (extract(epoch from clock_timestamp()) * 1000)::bigint
    where r.id = p_run and r.status = 'running';
  if not found then
    return false;
  end if;
  perform troupe.lay_to_rest(array[p_run]);
  return true;
end
$$;

-- Posts a dead letter to its actor once more, from who sent it, and takes it off the list; false if there is none or its
-- run is over. A run that only came to rest goes on.
create function troupe.replay_letter(p_channel bigint, p_seq bigint, p_actor text)
returns boolean
language plpgsql volatile
set lock_timeout = '10s'
as $$
begin
  perform from troupe.runs r join troupe.channels c on c.run = r.id
    where c.id = p_channel and r.status in ('running', 'quiescent')
    for update of r;
  if not found then
    return false;
  end if;
  delete from troupe.dead_letters d where d.channel = p_channel and d.seq = p_seq and d.actor = p_actor;
  if not found then
    return false;
  end if;
  update troupe.runs r set status = 'running', ended_at = null
    from troupe.channels c where c.id = p_channel and r.id = c.run and r.status = 'quiescent';
  insert into troupe.inbox (shard, key, run, channel, sender, recipient, kind, body, at)
    select c.shard, format('replay:%s:%s:%s', p_channel, p_seq, p_actor), c.run, c.name,
           case when l.sender = 'outside' or l.sender like '%@%' then l.sender else l.sender || '@' || c.name end, p_actor, l.kind, l.body,
           (extract(epoch from clock_timestamp()) * 1000)::bigint
    from troupe.log l join troupe.channels c on c.id = l.channel
    where l.channel = p_channel and l.seq = p_seq
    on conflict (shard, key) do nothing;
  return true;
end
$$;
