import type { Observable } from "rxjs";
import type { RunId } from "./address.ts";
import { decode } from "./codec.ts";
import { isFault, TroupeError } from "./fault.ts";
import type { Clock } from "./ports/clock.ts";
import type { RunRow } from "./ports/rows.ts";
import type { Store } from "./ports/store.ts";
import type { TroupeEvent } from "./traffic.ts";

export interface RunHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly events$: Observable<TroupeEvent>;
  readonly pollMs: number;
  /** Calls `wake` when the run may have ended; the answer stops that. */
  ended(wake: () => void): () => void;
  isClosed(): boolean;
  /** Lets others know that the run has ended. */
  rang(): void;
}

/** One submitted job: a handle, not the job itself, which goes on without it. */
export class Run<Result = unknown> {
  readonly id: RunId;
  /** False where the key was known: this is the run that it started then. */
  readonly created: boolean;
  /** What happens in it, as this process sees it. */
  readonly events$: Observable<TroupeEvent>;
  readonly #host: RunHost;

  constructor(id: RunId, created: boolean, host: RunHost) {
    this.id = id;
    this.created = created;
    this.events$ = host.events$;
    this.#host = host;
  }

  /**
   * What the root finished with.
   *
   * @throws TroupeError `run_failed`, `limit_reached`, `run_cancelled`, `run_quiescent` (nothing was left to do and nobody
   * had finished), `runtime_closed` if this runtime is closed first. A store that does not answer is waited for.
   */
  async result(): Promise<Result> {
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const forget = this.#host.ended(resolve);
      const cancel = this.#host.clock.after(Math.max(this.#host.pollMs, 1_000), resolve);
      try {
        if (this.#host.isClosed()) throw closed(this.id);
        const end = await this.#end().catch((error: unknown) => {
          if (this.#host.isClosed()) throw closed(this.id);
          // The workers sit it out as well, and say so; it is asked again.
          if (!isFault(error, "store_unavailable")) throw error;
        });
        if (end !== undefined) return resultOf<Result>(end.row, end.deadLetters);
        await promise;
      } finally {
        forget();
        cancel();
      }
    }
  }

  /** The run as the store has it. @throws TroupeError `run_unknown` once its retention is over. */
  async status(): Promise<RunRow> {
    const [row] = await this.#host.store.loadRuns([this.id]);
    if (row === undefined) throw new TroupeError("run_unknown", this.id);
    return row;
  }

  /** What happens from now on, until the run has ended. Slow readers get everything: what they have not read yet is kept. */
  async *events(): AsyncGenerator<TroupeEvent, void, void> {
    const unread: TroupeEvent[] = [];
    let over = false;
    let wake: () => void = () => undefined;
    const end = (): void => {
      over = true;
      wake();
    };
    const forget = this.#host.ended(end);
    const subscription = this.events$.subscribe({
      next: (event) => {
        unread.push(event);
        wake();
      },
      complete: end,
    });
    try {
      if ((await this.status()).status !== "running") over = true;
      for (;;) {
        yield* unread.splice(0);
        if (unread.length > 0) continue;
        if (over) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      forget();
      subscription.unsubscribe();
    }
  }

  /** Ends the run now: no turn of it commits any more. Does nothing if it has ended. */
  async cancel(): Promise<void> {
    await this.#host.store.endRun(this.id, { status: "cancelled", result: null, error: null });
    this.#host.rang();
  }

  /** How the run ended; undefined while it goes on. */
  async #end(): Promise<{ row: RunRow; deadLetters: string } | undefined> {
    const row = await this.status();
    return row.status === "running" ? undefined : { row, deadLetters: await this.#deadLetters(row) };
  }

  async #deadLetters(row: RunRow): Promise<string> {
    if (row.status !== "quiescent") return "";
    const letters = await this.#host.store.deadLetters(this.id, 1_000);
    const first = letters[0];
    return first === undefined
      ? ""
      : `; ${letters.length} dead letters, the first to ${first.actor}@${first.group}: ${first.error ?? first.reason}`;
  }
}

function closed(run: RunId): TroupeError {
  return new TroupeError("runtime_closed", `run ${run} goes on where it was when a worker opens its store again`);
}

function resultOf<Result>(row: RunRow, deadLetters: string): Result {
  switch (row.status) {
    case "finished":
      return (row.result === null ? undefined : decode(row.result)) as Result;
    case "cancelled":
      throw new TroupeError("run_cancelled", row.id);
    case "quiescent":
      throw new TroupeError("run_quiescent", `${row.id}${deadLetters}`);
    default: {
      const limit = row.error?.startsWith("limit_reached: ") === true;
      throw new TroupeError(
        limit ? "limit_reached" : "run_failed",
        `${row.id}: ${row.error?.replace(/^limit_reached: /, "") ?? "no reason was given"}`,
      );
    }
  }
}
