import type { RunId } from "../address.ts";

/** A wake-up. It carries no mail: whoever hears it reads the store. */
export type Doorbell =
  | { readonly about: "shard"; readonly shard: number }
  | { readonly about: "run"; readonly run: RunId };

/**
 * Doorbells between workers. Best effort: rings may be lost, doubled or late, and nothing
 * may depend on one. A ring is never heard by a listener before `ring` returns.
 */
export interface Bus {
  ring(bells: readonly Doorbell[]): void;
  /** Hears what others ring, and what this process rings. The answer stops it. */
  listen(hear: (bell: Doorbell) => void): () => void;
  close(): Promise<void>;
}
