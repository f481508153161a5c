import type { Lease } from "@troupe/core";
import { sql } from "./statement.ts";

/**
 * `$1` worker, `$2` lease in ms. Locks the worker's row, so it waits for a commit or a take-over under way; what it then
 * says of the shards may be older than that, and the commit has the last word.
 */
export const RENEW_WORKER = sql<{ readonly live: number; readonly leases: readonly Lease[] }>`
with renewed as (
  update troupe.workers set expires_at = clock_timestamp() + $2::bigint * interval '1 ms' where id = $1 returning id
)
select
  (select count(*) from troupe.workers w where w.id <> $1 and w.expires_at > clock_timestamp()) + 1 as live,
  (select coalesce(json_agg(json_build_object('shard', s.id, 'epoch', s.epoch) order by s.id), '[]')
   from troupe.shards s where s.owner = $1) as leases
from renewed`;
