import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import type { Settings } from "../settings.ts";

const BATCH = 1_000;
const PAUSE_MS = 50;

/** Removes, in small batches, what is past its retention. Several workers may do so at once. */
export class Janitor {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #failed: (error: unknown) => void;
  #cancel: () => void = () => undefined;
  #stopped = false;

  constructor(store: Store, clock: Clock, settings: Settings, failed: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
    this.#failed = failed;
  }

  start(): void {
    this.#arm(this.#settings.sweepMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #arm(ms: number): void {
    if (this.#stopped) return;
    this.#cancel = this.#clock.after(ms, () => {
      this.#sweep().then(
        (more) => this.#arm(more ? PAUSE_MS : this.#settings.sweepMs),
        (error: unknown) => {
          this.#failed(error);
          this.#arm(this.#settings.sweepMs);
        },
      );
    });
  }

  /** One batch; true if there may be more. */
  async #sweep(): Promise<boolean> {
    const { messages, turns, steps, runs } = await this.#store.sweep(
      this.#clock.now() - this.#settings.retentionMs,
      BATCH,
    );
    return messages + turns + steps + runs > 0;
  }
}
