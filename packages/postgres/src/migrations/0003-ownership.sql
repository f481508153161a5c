-- Takes up to `p_limit` shards that nobody owns, or whose owner's lease has run out.
--
-- An owner may be in the middle of a commit that renews its lease. So its row is locked first, which waits for that
-- commit and keeps others out, and only what a later statement then sees decides. An owner's commits that come after
-- wait for this transaction, and find the new epoch. Two claimers take the owners' rows in one order; what the first
-- took has another owner when the second looks. A claimer that dies midway has changed nothing.
create function troupe.claim_shards(p_worker text, p_limit bigint)
returns table (shard int, epoch bigint)
language plpgsql volatile
set lock_timeout = '10s'
set jit = off
as $$
#variable_conflict use_column
declare
  fenced text[];
  candidates int[];
  claimed int[];
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'claims need READ COMMITTED, not %', upper(current_setting('transaction_isolation'))
      using errcode = 'TR004';
  end if;

  perform from troupe.workers w where w.id = p_worker and w.expires_at > clock_timestamp();
  if not found then
    return;
  end if;

  with late as (
    select w.id from troupe.workers w
      where w.expires_at <= clock_timestamp() and w.id <> p_worker
        and exists (select from troupe.shards s where s.owner = w.id)
      order by w.id
      for update
  )
  select array_agg(id) into fenced from late;

  -- The same once more for the shards: a row that another claimer took a moment ago can pass this statement's conditions
  -- as it was before (after a wait, only the row itself is looked at anew, not what it is joined with). So it is locked
  -- here, and judged by a later statement, when nobody else can change it.
  select array_agg(f.id) into candidates from (
    select s.id from troupe.shards s
      where s.owner is null or s.owner = any (fenced) or not exists (select from troupe.workers w where w.id = s.owner)
      order by s.id
      limit p_limit
      for update skip locked
  ) f;

  with taken as (
    update troupe.shards s
      set epoch = s.epoch + 1, owner = me.id, deployment = me.deployment
      from troupe.workers me
      where s.id = any (candidates) and me.id = p_worker
        and not exists (
          select from troupe.workers w
            where w.id = s.owner and not (w.id = any (coalesce(fenced, '{}')) and w.expires_at <= clock_timestamp())
        )
      returning s.id
  )
  select array_agg(id order by id) into claimed from taken;

  update troupe.runs r set resumed = r.resumed + 1
    where r.shard = any (claimed) and r.status = 'running' and r.turns > 0;

  return query select s.id, s.epoch from troupe.shards s where s.id = any (claimed) order by s.id;
end
$$;

-- Gives shards back. The worker has no commit under way; should it have one after all, this waits for it.
create function troupe.release_shards(p_worker text, p_shards bigint[])
returns void
language sql volatile
set lock_timeout = '10s'
as $$
  select from troupe.workers w where w.id = p_worker for update;
  update troupe.shards s set owner = null
    where s.owner = p_worker and s.id = any (p_shards);
$$;

-- Gives everything back and forgets the worker; its row goes last, so its shards never belong to nobody known.
create function troupe.leave(p_worker text)
returns void
language sql volatile
set lock_timeout = '10s'
as $$
  select from troupe.workers w where w.id = p_worker for update;
  update troupe.shards s set owner = null where s.owner = p_worker;
  delete from troupe.workers w where w.id = p_worker;
$$;
