-- Removes up to `p_limit` rows of each sort that are older than `p_before` and of no more use. No row that a commit may
-- write is touched: consumed mail, closed turns, and what belongs to runs that have ended.
create function troupe.sweep(p_before bigint, p_limit bigint)
returns table (messages bigint, turns bigint, steps bigint, runs bigint)
language plpgsql volatile
set jit = off
as $$
#variable_conflict use_column
declare
  over text[];
  bare text[];
begin
  -- Consumed by everyone it is for, and not the body of a dead letter. What is said to everyone is not for those who have
  -- stopped; mail to one of them alone has yet to become a dead letter.
  delete from troupe.log l using (
    select m.channel, m.seq from troupe.log m
      where m.at < p_before
        and not exists (
          select from troupe.agents a
          where a.channel = m.channel and a.cursor < m.seq
            and (m.recipient = a.name or (m.recipient is null and a.standing <> 'stopped'))
        )
        and not exists (select from troupe.dead_letters d where d.channel = m.channel and d.seq = m.seq)
      limit p_limit
  ) o where l.channel = o.channel and l.seq = o.seq;
  get diagnostics messages = row_count;

  delete from troupe.turns t using (
    select m.channel, m.actor, m.turn, m.attempt from troupe.turns m
      where m.started_at < p_before
        and not exists (
          select from troupe.agents a where a.channel = m.channel and a.name = m.actor and a.turn <= m.turn
        )
      limit p_limit
  ) o where t.channel = o.channel and t.actor = o.actor and t.turn = o.turn and t.attempt = o.attempt;
  get diagnostics turns = row_count;

  delete from troupe.steps s using (
    select m.channel, m.actor, m.turn, m.key from troupe.steps m
      where m.at < p_before
        and not exists (
          select from troupe.agents a where a.channel = m.channel and a.name = m.actor and a.turn <= m.turn
        )
      limit p_limit
  ) o where s.channel = o.channel and s.actor = o.actor and s.turn = o.turn and s.key = o.key;
  get diagnostics steps = row_count;

  -- A run goes last, when nothing is left of its mail and its audit: that may take more than one sweep.
  select array_agg(r.id) into over from (
    select id from troupe.runs where ended_at < p_before order by ended_at limit p_limit for update skip locked
  ) r;
  if over is not null then
    delete from troupe.dead_letters d using troupe.channels c where c.run = any (over) and d.channel = c.id;
    delete from troupe.log l using (
      select m.channel, m.seq from troupe.channels c join troupe.log m on m.channel = c.id
        where c.run = any (over) limit p_limit
    ) o where l.channel = o.channel and l.seq = o.seq;
    delete from troupe.turns t using (
      select m.channel, m.actor, m.turn, m.attempt from troupe.channels c join troupe.turns m on m.channel = c.id
        where c.run = any (over) limit p_limit
    ) o where t.channel = o.channel and t.actor = o.actor and t.turn = o.turn and t.attempt = o.attempt;
    delete from troupe.steps s using (
      select m.channel, m.actor, m.turn, m.key from troupe.channels c join troupe.steps m on m.channel = c.id
        where c.run = any (over) limit p_limit
    ) o where s.channel = o.channel and s.actor = o.actor and s.turn = o.turn and s.key = o.key;

    select array_agg(r) into bare from unnest(over) r where not exists (
      select from troupe.channels c where c.run = r and (
        exists (select from troupe.log l where l.channel = c.id)
        or exists (select from troupe.turns t where t.channel = c.id)
        or exists (select from troupe.steps s where s.channel = c.id)
      )
    );
    delete from troupe.agents a using troupe.channels c where c.run = any (bare) and a.channel = c.id;
    delete from troupe.channels c where c.run = any (bare);
    delete from troupe.runs r where r.id = any (bare);
    get diagnostics runs = row_count;
  end if;
  runs := coalesce(runs, 0);

  delete from troupe.inbox i where i.admitted_at < to_timestamp(p_before / 1000.0);
  -- Workers that are long gone, once others have their shards. Should one wake up after all, it finds itself fenced.
  delete from troupe.workers w
    where w.expires_at < least(to_timestamp(p_before / 1000.0), clock_timestamp() - interval '1 hour')
      and not exists (select from troupe.shards s where s.owner = w.id);

  return next;
end
$$;
