import type { RunId } from "../address.ts";
import { alarmAt } from "../alarm.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import { RunLedger } from "../supervisor/run-ledger.ts";

/** The accounts of the runs that have something in memory here, and their deadlines. */
export class RunBook {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onDeadline: (ledger: RunLedger) => void;
  readonly #ledgers = new Map<RunId, { ledger: RunLedger; cancel: () => void }>();

  constructor(store: Store, clock: Clock, onDeadline: (ledger: RunLedger) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onDeadline = onDeadline;
  }

  find(run: RunId): RunLedger | undefined {
    return this.#ledgers.get(run)?.ledger;
  }

  /** Ledgers of those runs that exist, from memory or the store. */
  async ledgers(runs: readonly RunId[]): Promise<ReadonlyMap<RunId, RunLedger>> {
    const missing = runs.filter((run) => !this.#ledgers.has(run));
    if (missing.length > 0) {
      for (const row of await this.#store.loadRuns(missing)) {
        if (this.#ledgers.has(row.id)) continue;
        const ledger = new RunLedger(row);
        const cancel =
          ledger.status === "running"
            ? alarmAt(this.#clock, ledger.deadline, () => this.#onDeadline(ledger))
            : () => undefined;
        this.#ledgers.set(row.id, { ledger, cancel });
      }
    }
    const found = new Map<RunId, RunLedger>();
    for (const run of runs) {
      const known = this.#ledgers.get(run);
      if (known !== undefined) found.set(run, known.ledger);
    }
    return found;
  }

  /** Reads the account anew: another worker may have spent of it. */
  async refresh(run: RunId): Promise<void> {
    const ledger = this.find(run);
    const [row] = await this.#store.loadRuns([run]);
    if (ledger !== undefined && row !== undefined) ledger.settle(row.spent);
  }

  forget(run: RunId): void {
    this.#ledgers.get(run)?.cancel();
    this.#ledgers.delete(run);
  }

  /** Keeps the ledgers of these runs alone. */
  retain(runs: ReadonlySet<RunId>): void {
    for (const run of [...this.#ledgers.keys()]) if (!runs.has(run)) this.forget(run);
  }
}
