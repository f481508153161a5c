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
  /** Of each answer of `ledgers` that is being prepared: what it will name, so that nothing of it is let go before. */
  readonly #wanted = new Set<ReadonlySet<RunId>>();

  constructor(host: RunBookHost) {
    this.#host = host;
  }

  find(run: RunId): RunLedger | undefined {
    return this.#ledgers.get(run)?.ledger;
  }

  /** Ledgers of those runs that exist, from memory or the store. */
  async ledgers(runs: readonly RunId[]): Promise<ReadonlyMap<RunId, RunLedger>> {
    const wanted = new Set(runs);
    this.#wanted.add(wanted);
    try {
      await this.#read(runs.filter((run) => !this.#ledgers.has(run)));
    } finally {
      this.#wanted.delete(wanted);
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

  /** Keeps the ledgers of these runs alone, and those that somebody has asked for. */
  retain(runs: ReadonlySet<RunId>): void {
    const kept = [runs, ...this.#wanted];
    for (const run of [...this.#ledgers.keys()]) if (!kept.some((some) => some.has(run))) this.forget(run);
  }

  async #read(missing: readonly RunId[]): Promise<void> {
    if (missing.length === 0) return;
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
}
