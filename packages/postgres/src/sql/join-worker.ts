import { sql } from "./statement.ts";

/**
 * `$1` worker, `$2` deployment, `$3` lease in ms. Locks the worker's row.
 * Repeated, it is the same worker: the number of its last commit stays.
 */
export const JOIN_WORKER = sql<never>`
insert into troupe.workers (id, deployment, expires_at)
values ($1, $2, clock_timestamp() + $3::bigint * interval '1 ms')
on conflict (id) do update set expires_at = excluded.expires_at`;
