import type { RunId } from "../address.ts";
import type { Bus } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { RunStatus } from "../ports/rows.ts";
import type { Store } from "../ports/store.ts";
import type { Registry } from "../registry.ts";
import type { Settings } from "../settings.ts";
import type { Traffic } from "../traffic.ts";

/** What a worker is given, and whom it tells. */
export interface WorkerOptions {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: Registry;
  readonly settings: Settings;
  readonly deployment: string;
  readonly traffic: Traffic;
  /** A run came to its end, here or as others say. */
  onRunEnded(run: RunId, status: RunStatus | undefined): void;
  /** The lease is lost: this worker is over, and another has to take its place. */
  onLost(): void;
  /** The store does not answer a commit. */
  onStoreLost(error: unknown): void;
  /** The store answers, maybe again; said often. */
  onStoreBack(): void;
  /** Something went wrong that no caller hears of. */
  onTrouble(error: unknown): void;
}
