import type { RunInspection } from "@troupe/core";
import { sql } from "./statement.ts";

/** `$1` run. No locks. Mail is counted per member in the index on (channel, recipient, seq). */
export const INSPECT_GROUPS = sql<RunInspection["groups"][number]>`
select c.name as id, c.depth, c.admin, c.head, c.wake_at as "wakeAt",
  coalesce((
    select json_agg(json_build_object(
      'name', a.name, 'definition', a.definition, 'standing', a.standing, 'turn', a.turn, 'unread',
      (select count(*) from troupe.log l where l.channel = c.id and l.recipient = a.name and l.seq > a.cursor)
      + (select count(*) from troupe.log l where l.channel = c.id and l.recipient is null and l.seq > a.cursor)
    ) order by a.name)
    from troupe.agents a where a.channel = c.id
  ), '[]') as members
from troupe.channels c where c.run = $1 and c.kind = 'group' order by c.depth, c.id`;

/** `$1` run. No locks. */
export const COUNT_DEAD_LETTERS = sql<{ readonly count: number }>`
select count(*) as count from troupe.channels c join troupe.dead_letters d on d.channel = c.id where c.run = $1`;
