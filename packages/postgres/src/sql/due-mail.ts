import type { MailColumns } from "./mail-columns.ts";
import { sql } from "./statement.ts";

/** `$1` shards, `$2` how many. No locks. A sender's rows are in order: each was committed before the next was numbered. */
export const DUE_MAIL = sql<MailColumns>`
select m.shard, m.key, m.run, m.channel, m.sender, m.recipient, m.kind, m.body, m.cause, m.at, m.headers
from unnest($1::bigint[]) s (shard)
cross join lateral (
  select * from troupe.inbox where shard = s.shard and admitted_at is null order by id limit $2
) m
order by m.id limit $2`;
