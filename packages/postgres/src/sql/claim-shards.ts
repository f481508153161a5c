import type { Lease } from "@troupe/core";
import { sql } from "./statement.ts";

/** `$1` worker, `$2` how many. Locks: see `0003-ownership.sql`. */
export const CLAIM_SHARDS = sql<Lease>`select shard, epoch from troupe.claim_shards($1, $2)`;
