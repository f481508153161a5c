import type { LogColumns } from "./mail-columns.ts";
import { sql } from "./statement.ts";

/** `$1` channel's name, `$2` how many, `$3` below which seq or null. No locks. Newest first. */
export const HISTORY = sql<LogColumns>`
select l.* from troupe.channels c
cross join lateral (
  select channel, seq, sender, recipient, kind, body, cause, at, headers from troupe.log
  where channel = c.id and seq < coalesce($3::bigint, 9223372036854775807)
  order by seq desc limit $2
) l
where c.name = $1`;
