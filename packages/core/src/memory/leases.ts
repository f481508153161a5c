import type { Lease, WorkerId } from "../ports/rows.ts";
import type { Heartbeat } from "../ports/store.ts";
import type { MemoryState, Shard } from "./state.ts";

export function join(state: MemoryState, id: WorkerId, deployment: string, leaseMs: number): void {
  const expiresAt = state.clock.monotonic() + leaseMs;
  const known = state.workers.get(id);
  if (known) known.expiresAt = expiresAt;
  else state.workers.set(id, { id, deployment, expiresAt, number: 0 });
}

export function renew(state: MemoryState, id: WorkerId, leaseMs: number): Heartbeat | undefined {
  const worker = state.workers.get(id);
  if (!worker) return undefined;
  const now = state.clock.monotonic();
  worker.expiresAt = now + leaseMs;
  let live = 0;
  for (const other of state.workers.values()) if (other.expiresAt > now) live += 1;
  return { live, leases: state.shards.filter((shard) => shard.owner === worker).map(leaseOf) };
}

export function claim(state: MemoryState, id: WorkerId, limit: number): readonly Lease[] {
  const worker = state.workers.get(id);
  const now = state.clock.monotonic();
  if (!worker || worker.expiresAt <= now) return [];
  const free = state.shards.filter((shard) => shard.owner === null || shard.owner.expiresAt <= now);
  const taken = new Set(free.slice(0, Math.max(0, limit)));
  for (const shard of taken) {
    shard.owner = worker;
    shard.epoch += 1;
  }
  if (taken.size > 0) countResumed(state, taken);
  return [...taken].map(leaseOf);
}

export function release(state: MemoryState, id: WorkerId, shards: readonly number[]): void {
  for (const index of shards) {
    const shard = state.shards[index];
    if (shard?.owner?.id === id) shard.owner = null;
  }
}

export function leave(state: MemoryState, id: WorkerId): void {
  for (const shard of state.shards) if (shard.owner?.id === id) shard.owner = null;
  state.workers.delete(id);
}

function countResumed(state: MemoryState, taken: ReadonlySet<Shard>): void {
  for (const run of state.runs.values()) {
    if (run.status === "running" && run.spent.turns > 0 && taken.has(run.root.shard)) run.resumed += 1;
  }
}

function leaseOf(shard: Shard): Lease {
  return { shard: shard.index, epoch: shard.epoch };
}
