import type { Clock } from "../ports/clock.ts";
import type { Lease } from "../ports/rows.ts";
import type { Heartbeat, Store } from "../ports/store.ts";
import type { Settings } from "../settings.ts";

export interface OwnershipHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly worker: string;
  /** The store has given us these shards: from now on they are ours. */
  claimed(leases: readonly Lease[]): void;
  /** Takes up what is to be done in them; asked again if that cannot be read. */
  gained(leases: readonly Lease[]): Promise<void>;
  /** Lets go of a shard: resolves when nothing of it is in memory or on its way. */
  letGo(shard: number): Promise<void>;
  released(shards: readonly number[]): void;
  /** The store says that these shards are others' now. */
  lost(shards: readonly number[]): void;
  /** The lease is over, or the store has forgotten us: nothing is ours any more. */
  lostAll(why: "lease_over" | "fenced"): void;
  failed(error: unknown): void;
  /** The store has answered. */
  answered(): void;
}

const TICK_MS = 500;
/** A worker counts its lease as over this much of it before the store does. */
const MARGIN = 0.1;

/**
 * Leases shards: renews the heartbeat, takes what nobody has, and gives some back when others have fewer.
 * Judged by a monotonic clock that started before the renewal was sent, so that the worker stops before the store thinks it has.
 */
export class Ownership {
  readonly #host: OwnershipHost;
  readonly #epochs = new Map<number, number>();
  readonly #since = new Map<number, number>();
  /** Claimed, but the store went away before their work could be read. */
  #ungained: readonly Lease[] = [];
  #leaseEnd = 0;
  #cancel: () => void = () => undefined;
  #renewing: Promise<void> | undefined;
  #balancing: Promise<void> | undefined;
  #stopped = false;

  constructor(host: OwnershipHost) {
    this.#host = host;
  }

  get epochs(): ReadonlyMap<number, number> {
    return this.#epochs;
  }

  owns(shard: number): boolean {
    return this.#epochs.has(shard);
  }

  /** Monotonic milliseconds at which an owned shard became ours. */
  since(shard: number): number {
    return this.#since.get(shard) ?? Infinity;
  }

  /** False when the lease may be over: then nothing may be started. */
  get isSure(): boolean {
    return this.#host.clock.monotonic() < this.#leaseEnd;
  }

  /** The store has renewed the lease with something sent at `sentAt`, monotonic milliseconds. */
  renewed(sentAt: number): void {
    this.#leaseEnd = Math.max(this.#leaseEnd, sentAt + this.#host.settings.leaseMs * (1 - MARGIN));
  }

  async start(deployment: string): Promise<void> {
    const { store, clock, settings, worker } = this.#host;
    const sentAt = clock.monotonic();
    await store.join(worker, deployment, settings.leaseMs);
    this.renewed(sentAt);
    await this.#renew();
    await this.#balancing;
    this.#arm();
  }

  /** Forgets shards that the store has given to others. */
  fenced(shards: readonly number[]): void {
    for (const shard of shards) this.#epochs.delete(shard);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#renewing;
    await this.#balancing;
  }

  #arm(): void {
    if (this.#stopped) return;
    const { clock, settings } = this.#host;
    this.#cancel = clock.after(Math.min(settings.leaseMs / 3, TICK_MS), () => {
      if (!this.isSure) return this.#lose("lease_over");
      this.#renewing ??= this.#renew()
        .catch((error: unknown) => this.#host.failed(error))
        .finally(() => {
          this.#renewing = undefined;
        });
      this.#arm();
    });
  }

  #lose(why: "lease_over" | "fenced"): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancel();
    this.#epochs.clear();
    this.#host.lostAll(why);
  }

  /** Giving shards back waits for turns to end, longer than a lease maybe: so the next renewal does not wait for it. */
  async #renew(): Promise<void> {
    const { store, clock, settings, worker } = this.#host;
    const sentAt = clock.monotonic();
    const heartbeat = await store.renew(worker, settings.leaseMs);
    if (this.#stopped) return;
    if (heartbeat === undefined) return this.#lose("fenced");
    this.renewed(sentAt);
    this.#host.answered();
    this.#balancing ??= this.#balance(heartbeat)
      .catch((error: unknown) => this.#host.failed(error))
      .finally(() => {
        this.#balancing = undefined;
      });
  }

  async #balance({ leases, live }: Heartbeat): Promise<void> {
    await this.#reconcile(leases);
    if (this.#ungained.length > 0) await this.#gain(this.#ungained);
    const fair = Math.ceil(this.#host.store.shards / Math.max(live, 1));
    if (this.#epochs.size < fair) await this.#claim(fair - this.#epochs.size);
    else if (this.#epochs.size > fair) await this.#release(this.#epochs.size - fair);
  }

  async #claim(limit: number): Promise<void> {
    const leases = await this.#host.store.claim(this.#host.worker, limit);
    if (this.#stopped || leases.length === 0) return;
    for (const { shard, epoch } of leases) {
      this.#epochs.set(shard, epoch);
      this.#since.set(shard, this.#host.clock.monotonic());
    }
    this.#host.claimed(leases);
    await this.#gain(leases);
  }

  async #gain(leases: readonly Lease[]): Promise<void> {
    this.#ungained = leases;
    await this.#host.gained(leases.filter(({ shard }) => this.#epochs.has(shard)));
    this.#ungained = [];
  }

  /** An answer of the store may have been lost: what only one side calls ours is given up. */
  async #reconcile(leases: readonly Lease[]): Promise<void> {
    const { store, worker } = this.#host;
    const stored = new Map(leases.map(({ shard, epoch }) => [shard, epoch]));
    const unknown = [...stored.keys()].filter((shard) => !this.#epochs.has(shard));
    if (unknown.length > 0) await store.release(worker, unknown);
    const gone = [...this.#epochs].filter(([shard, epoch]) => stored.get(shard) !== epoch).map(([shard]) => shard);
    if (gone.length === 0) return;
    this.fenced(gone);
    this.#host.lost(gone);
  }

  async #release(count: number): Promise<void> {
    const shards = [...this.#epochs.keys()].slice(-count);
    await Promise.all(shards.map((shard) => this.#host.letGo(shard)));
    for (const shard of shards) this.#epochs.delete(shard);
    // Should the store not answer, the next heartbeat finds them and gives them back.
    try {
      await this.#host.store.release(this.#host.worker, shards);
    } finally {
      this.#host.released(shards);
    }
  }
}
