import type { Lease } from "../ports/rows.ts";
import type { Traffic, TroupeEvent } from "../traffic.ts";

/** Tells who watches which shards are this worker's from now on. */
export function noteGained(traffic: Traffic, leases: readonly Lease[]): void {
  if (!traffic.watched) return;
  for (const { shard, epoch } of leases) traffic.emit({ type: "shard_gained", shard, epoch });
}

/** Tells who watches which shards are not any more. */
export function noteLost(
  traffic: Traffic,
  shards: Iterable<number>,
  why: Extract<TroupeEvent, { type: "shard_lost" }>["why"],
): void {
  if (!traffic.watched) return;
  for (const shard of shards) traffic.emit({ type: "shard_lost", shard, why });
}
