import type { DueChannel } from "@troupe/core";
import { sql } from "./statement.ts";

/** `$1` shards, `$2` milliseconds, `$3` how many. No locks; reads the index of channels that are awake, shard by shard. */
export const DUE_CHANNELS = sql<DueChannel>`
select c.name, c.shard, c.wake_at as "wakeAt"
from unnest($1::bigint[]) s (shard)
cross join lateral (
  select name, shard, wake_at, id from troupe.channels
  where shard = s.shard and wake_at <= $2
  order by wake_at limit $3
) c
order by c.wake_at, c.id limit $3`;
