import type { RunId } from "../address.ts";
import { alarmAt } from "../alarm.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunEnd } from "../ports/rows.ts";
import type { Store } from "../ports/store.ts";
import { RunLedger } from "../supervisor/run-ledger.ts";

export interface RunBookHost {
  readonly store: Store;
  readonly clock: Clock;
  endRun(ledger: RunLedger, end: RunEnd): void;
  failed(error: unknown): void;
}

/** The accounts of the runs that have something in memory here, and their deadlines. */
export class RunBook {
  readonly #host: RunBookHost;
  readonly #ledgers = new Map<RunId, { ledger: RunLedger; cancel: () => void }>();

  constructor(host: RunBookHost) {
    this.#host = host;
  }

  find(run: RunId): RunLedger | undefined {
    return this.#ledgers.get(run)?.ledger;
  }

  /** Ledgers of those runs that exist, from memory or the store. */
  async ledgers(runs: readonly RunId[]): Promise<ReadonlyMap<RunId, RunLedger>> {
    const missing = runs.filter((run) => !this.#ledgers.has(run));
    if (missing.length > 0) {
      for (const row of await this.#host.store.loadRuns(missing)) {
        if (this.#ledgers.has(row.id)) continue;
        const ledger = new RunLedger(row);
        const cancel =
          ledger.status === "running"
            ? alarmAt(this.#host.clock, ledger.deadline, () => this.#host.endRun(ledger, ledger.overLimit("wallMs")))
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

  /** Reads the account anew, since another worker may have spent of it; false if the store does not answer. */
  async refresh(run: RunId): Promise<boolean> {
    try {
      const [row] = await this.#host.store.loadRuns([run]);
      if (row !== undefined) this.find(run)?.settle(row.spent);
      return true;
    } catch (error) {
      this.#host.failed(error);
      return false;
    }
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
