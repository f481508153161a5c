import { isFault } from "../fault.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { Commit, CommitOutcome, Store } from "../ports/store.ts";
import type { Settings } from "../settings.ts";
import { backoffMs } from "../supervisor/failure.ts";
import { type AssembleContext, type Assembled, assemble } from "./assemble.ts";
import { sizeOf, type Write, type WriteRefusal } from "./write.ts";

/** Who lives with the outcome of a commit. */
export interface PipelineOwner {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly context: Omit<AssembleContext, "number">;
  /** The commit is durable: move cursors, deliver, and so on. */
  applied(assembled: Assembled, outcome: Extract<CommitOutcome, { outcome: "committed" }>): void;
  /** Those shards are another worker's, those runs are over: after this their writes answer `isLive` with false. */
  lost(outcome: Extract<CommitOutcome, { outcome: "fenced" | "ended" }>): void;
  isLive(write: Write): boolean;
  refused(write: Write, refusal: WriteRefusal): void;
  /** The store does not answer; said once, and once when it does again. */
  storeLost(error: unknown): void;
  storeBack(): void;
}

const STORE_RETRY = { attempts: Number.POSITIVE_INFINITY, baseMs: 50, maxMs: 2_000 };

/**
 * One commit in flight. While it is, what settles gathers, and goes together with the next: batches grow under load and
 * are single turns when it is quiet. An unknown outcome is settled by sending the same commit, with its number, again.
 */
export class CommitPipeline {
  readonly #owner: PipelineOwner;
  #queue: Write[] = [];
  #number = 1;
  #busy = false;
  #stopped = false;
  #idle: (() => void)[] = [];
  /** Ends the pause before the next try of a commit. */
  #endPause: () => void = () => undefined;

  constructor(owner: PipelineOwner) {
    this.#owner = owner;
  }

  /** Writes that wait, those of the commit in flight not counted. */
  get length(): number {
    return this.#queue.length;
  }

  add(write: Write): void {
    if (this.#stopped) return;
    write.group.writes += 1;
    this.#queue.push(write);
    if (this.#busy) return;
    this.#busy = true;
    this.#owner.clock.soon(() => void this.#run());
  }

  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void> {
    return this.#busy ? new Promise((resolve) => this.#idle.push(resolve)) : Promise.resolve();
  }

  /** Sends nothing more; what waits is refused. A commit in flight may still be applied. */
  stop(): void {
    this.#stopped = true;
    this.#endPause();
    for (const write of this.#queue.splice(0)) this.#refuse(write, { why: "fenced" });
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0 && !this.#stopped) {
      await this.#commit(this.#take());
      // Turns that began with this commit's deliveries get to settle, and timers and sockets to be heard.
      await new Promise<void>((resolve) => this.#owner.clock.soon(resolve));
    }
    this.#busy = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #take(): Write[] {
    const { commitWrites, commitBytes } = this.#owner.settings;
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < commitWrites; count++) {
      bytes += sizeOf(this.#queue[count] as Write);
      if (bytes > commitBytes && count > 0) break;
    }
    if (count === this.#queue.length) {
      const all = this.#queue;
      this.#queue = [];
      return all;
    }
    return this.#queue.splice(0, count);
  }

  /** Applies these writes, fewer of them, or each by itself, until every one has been applied or refused. */
  async #commit(writes: readonly Write[]): Promise<void> {
    let left = this.#dropDead(writes);
    while (left.length > 0 && !this.#stopped) {
      const assembled = assemble(left, { ...this.#owner.context, number: this.#number });
      const outcome = await this.#send(assembled.commit);
      if (outcome === undefined) return;
      if ("error" in outcome) {
        if (left.length > 1) for (const write of left) await this.#commit([write]);
        else for (const write of left) this.#refuse(write, { why: "rejected", error: outcome.error });
        return;
      }
      if (outcome.outcome === "committed") {
        this.#number += 1;
        for (const write of left) write.group.writes -= 1;
        this.#owner.applied(assembled, outcome);
        return;
      }
      left = outcome.outcome === "over_limit" ? this.#dropOver(left, outcome.runs) : this.#dropLost(left, outcome);
    }
  }

  #dropLost(writes: readonly Write[], outcome: Extract<CommitOutcome, { outcome: "fenced" | "ended" }>): Write[] {
    this.#owner.lost(outcome);
    return this.#dropDead(writes);
  }

  #dropDead(writes: readonly Write[]): Write[] {
    return writes.filter((write) => {
      if (this.#owner.isLive(write)) return true;
      this.#refuse(write, { why: write.group.run.status === "running" ? "fenced" : "ended" });
      return false;
    });
  }

  /** Refuses what charges the run something new, one run at a time; the rest is tried again. */
  #dropOver(writes: readonly Write[], runs: readonly { run: string; limit: string }[]): Write[] {
    return writes.filter((write) => {
      const over = runs.find(({ run }) => run === write.group.run.id);
      if (over === undefined || write.turns + write.members.length + write.groups.length === 0) return true;
      this.#refuse(write, { why: "over_limit", limit: over.limit });
      return false;
    });
  }

  #refuse(write: Write, refusal: WriteRefusal): void {
    write.group.writes -= 1;
    write.undo();
    this.#owner.refused(write, refusal);
  }

  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#owner.clock.after(ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  /** The store's answer, however long it takes; undefined when stopped meanwhile. */
  async #send(commit: Commit): Promise<CommitOutcome | { error: unknown } | undefined> {
    for (let attempt = 1; !this.#stopped; attempt++) {
      try {
        const outcome = await this.#owner.store.commit(commit);
        if (attempt > 1) this.#owner.storeBack();
        return this.#stopped ? undefined : outcome;
      } catch (error) {
        // What is no answer of the store's at all is taken for the commit's fault, and the turn that causes it is found.
        if (!isFault(error) || error.code === "commit_rejected") return { error };
        if (attempt === 1) this.#owner.storeLost(error);
        await this.#pause(backoffMs(STORE_RETRY, attempt, this.#owner.random.next()));
      }
    }
    return undefined;
  }
}
