import { setTimeout as wait } from "node:timers/promises";
import {
  addressOf,
  encode,
  type InboxRow,
  OUTSIDE,
  type RunStatus,
  type Store,
  shardOf,
  TroupeError,
} from "@troupe/core";
import type { Stamp, Tally } from "../history/stamps.ts";
import type { Crew } from "./crew.ts";
import { type JobSort, newJob } from "./jobs.ts";

// Whoever uses the troupe from outside: submits runs with keys, posts to them, ends them, and waits for their end. What was
// not answered is said again under the same key, so that in the end everything is acknowledged; save some posts that are
// tried once, and may arrive or not.

/** What was asked for from outside, and what is known of it. */
export interface Errand {
  readonly key: string;
  readonly sort: JobSort;
  run: string | undefined;
  /** What was acknowledged, by receiver. */
  readonly tally: Tally;
  end: RunStatus | undefined;
}

interface OutsideOptions {
  readonly store: Store;
  readonly crew: Crew;
  readonly leaseMs: number;
  readonly random: () => number;
  /** How long a run is kept open. */
  readonly openMs: () => number;
  readonly hands: number;
}

/** Who is outside, as the stamps have it. */
export const SENDER = "outside@world";
const POLL_MS = 200;
const RETRY_MS = 50;
/** A store gives a connection and a statement less than this together; a call that takes longer never comes back. */
const HUNG_MS = 60_000;

export class Outside {
  readonly errands: Errand[] = [];
  /** Calls that were not answered, and so made again. */
  unknownCalls = 0;
  /** Calls that did not come back at all. */
  readonly hung: string[] = [];
  readonly #options: OutsideOptions;
  readonly #closing = new AbortController();
  readonly #customers: Promise<void>[] = [];

  constructor(options: OutsideOptions) {
    this.#options = options;
  }

  /** So many customers, each with one run after the other. */
  start(customers: number): void {
    for (let place = 0; place < customers; place++) {
      const served = this.#serve();
      // What goes wrong is told by `finish`; who stops everything before that does not want to know.
      served.catch(() => undefined);
      this.#customers.push(served);
    }
  }

  /** No new runs; the open ones are closed now. Resolves when every one has ended. */
  async finish(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#customers);
  }

  get open(): readonly Errand[] {
    return this.errands.filter(({ end }) => end === undefined);
  }

  async #serve(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const job = newJob(this.errands.length, this.#options.hands);
      const tally: Tally = { sent: {}, heard: {}, oddities: [] };
      const errand: Errand = { key: job.key, sort: job.sort, run: undefined, tally, end: undefined };
      this.errands.push(errand);
      const run = await this.#submit(job);
      errand.run = run;
      await this.#visit(errand, run);
      if (errand.sort === "cancel") await this.#insist(() => this.#cancel(run));
      else await this.#post(errand, run, "close");
      await this.#untilItEnds(errand, run);
    }
  }

  async #submit(job: ReturnType<typeof newJob>): Promise<string> {
    for (;;) {
      const member = await this.#options.crew.pick();
      if (member === undefined) throw new Error("the crew is gone");
      const run = await member.worker.submit(job, 2 * this.#options.leaseMs);
      if (run !== undefined) return run;
      this.unknownCalls += 1;
    }
  }

  /** Knocks now and then, for as long as the run is to be open. */
  async #visit(errand: Errand, run: string): Promise<void> {
    const { openMs, random } = this.#options;
    const until = performance.now() + openMs();
    for (let knock = 1; performance.now() < until && !this.#closing.signal.aborted; knock++) {
      if (random() < 0.25) await this.#postOnce(run, `${errand.key}/${knock}`);
      else await this.#post(errand, run, "knock");
      await this.#pause(200 + random() * 400);
    }
  }

  async #post(errand: Errand, run: string, kind: string): Promise<void> {
    const to = addressOf("door", run);
    const place = (errand.tally.sent[to] ?? 0) + 1;
    const row = this.#row(run, kind, `${errand.key}:${place}`, { from: SENDER, to, seq: 0, place });
    await this.#insist(() => this.#options.store.post([row]));
    errand.tally.sent[to] = place;
  }

  /** From a sender that nobody hears of again: it may arrive once, or never. */
  async #postOnce(run: string, key: string): Promise<void> {
    const row = this.#row(run, "knock", key, {
      from: `${SENDER}/${key}`,
      to: addressOf("door", run),
      seq: 0,
      place: 1,
    });
    await this.#inTime("post", () => this.#options.store.post([row])).catch(() => undefined);
  }

  #row(run: string, kind: string, key: string, stamp: Stamp): InboxRow {
    return {
      shard: shardOf(run, this.#options.store.shards),
      key: `outside:${key}`,
      run,
      channel: run,
      sender: OUTSIDE,
      recipient: "door",
      kind,
      body: encode({ stamp }),
      cause: null,
      at: Date.now(),
      headers: null,
    };
  }

  async #cancel(run: string): Promise<void> {
    await this.#options.store.endRun(run, { status: "cancelled", result: null, error: null });
  }

  async #untilItEnds(errand: Errand, run: string): Promise<void> {
    for (;;) {
      const [row] = await this.#insist(() => this.#options.store.loadRuns([run]));
      if (row !== undefined && row.status !== "running") {
        errand.end = row.status;
        return;
      }
      await wait(POLL_MS);
    }
  }

  /** Says it again until it is answered. */
  async #insist<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.#inTime("call", call);
      } catch (error) {
        if ((error as { code?: string }).code !== "store_unavailable") throw error;
        this.unknownCalls += 1;
        await wait(RETRY_MS);
      }
    }
  }

  /** The answer; a call that hangs is put on record, and counts as one that was not answered. */
  async #inTime<T>(what: string, call: () => Promise<T>): Promise<T> {
    let late: NodeJS.Timeout | undefined;
    const hung = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => {
        this.hung.push(what);
        reject(new TroupeError("store_unavailable", `no answer to a ${what} in ${HUNG_MS} ms`));
      }, HUNG_MS);
    });
    try {
      return await Promise.race([call(), hung]);
    } finally {
      clearTimeout(late);
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}
