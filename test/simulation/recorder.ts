import {
  type ActorRow,
  type ActorWrite,
  adminChannelOf,
  type Clock,
  type Commit,
  type CommitOutcome,
  FAILURE,
  type GroupRow,
  isAdminChannel,
  type Lease,
  type LogRow,
  type RunRow,
  runOf,
  type Store,
  type Submission,
  shardOf,
  TroupeError,
  type TurnRow,
} from "@troupe/core";
import { POISON } from "./cast.ts";
import { CommitCheck } from "./commit-check.ts";
import type { Plan } from "./plan.ts";
import type { SometimeCounts } from "./sometimes.ts";

/** A log row as it was committed. */
export interface RecordedMessage extends LogRow {
  readonly epoch: number;
}

export interface RecordedActor {
  readonly row: ActorRow;
  readonly channel: number;
  readonly standing: ActorWrite["standing"];
  readonly cursor: number;
  readonly turn: number;
  readonly state: Uint8Array;
}

export interface RecordedChannel {
  readonly key: number;
  readonly name: string;
  readonly run: string;
  readonly depth: number;
  readonly head: number;
}

/**
 * Stands right before the store, behind every line: knows what really took effect, in which order, and for whom.
 * What it tells of does not go through the runtime.
 */
export class Recorder {
  readonly messages: RecordedMessage[] = [];
  readonly turns: TurnRow[] = [];
  readonly letters: Commit["deadLetters"][number][] = [];
  readonly channels = new Map<string, RecordedChannel>();
  readonly actors = new Map<string, RecordedActor>();
  /** By key: the runs that were made for it. */
  readonly submitted = new Map<string, string[]>();
  /** When a turn was last committed; monotonic milliseconds. */
  workedAt = 0;
  /** How runs stood that have been swept away. */
  readonly swept = new Map<string, RunRow>();
  readonly check: CommitCheck;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #sometimes: SometimeCounts;
  readonly #names = new Map<number, string>();
  /** By shard. */
  readonly #owners = new Map<number, string>();
  readonly #processes = new Map<string, string>();
  readonly #numbers = new Map<string, number>();
  readonly #steps = new Map<string, string>();
  readonly #givenUp = new WeakSet<Commit>();
  readonly #said: (text: () => string) => void;

  constructor(plan: Plan, store: Store, clock: Clock, sometimes: SometimeCounts, said: (text: () => string) => void) {
    this.check = new CommitCheck(plan.settings.mailboxMessages ?? Infinity, (channel) => this.nameOf(channel));
    this.#store = store;
    this.#clock = clock;
    this.#sometimes = sometimes;
    this.#said = said;
  }

  /** The store, for this process. */
  connect(process: string): Store {
    const store = this.#store;
    return {
      ...store,
      join: async (worker, deployment, leaseMs) => {
        this.#processes.set(worker, process);
        await store.join(worker, deployment, leaseMs);
      },
      claim: async (worker, limit) => this.#claimed(worker, await store.claim(worker, limit)),
      release: async (worker, shards) => {
        await store.release(worker, shards);
        for (const shard of shards) if (this.#owners.get(shard) === worker) this.#owners.delete(shard);
      },
      leave: async (worker) => {
        await store.leave(worker);
        for (const [shard, owner] of this.#owners) if (owner === worker) this.#owners.delete(shard);
      },
      commit: (commit) => this.#commit(commit),
      submit: async (submission) => {
        const answer = await store.submit(submission);
        if (answer.created) await this.#opened(submission);
        else this.#sometimes["a submission was repeated"] += 1;
        return answer;
      },
      sweep: async (before, limit) => {
        const runs = new Set([...this.channels.values()].map(({ run }) => run));
        for (const row of await store.loadRuns([...runs])) this.swept.set(row.id, row);
        const swept = await store.sweep(before, limit);
        if (swept.runs > 0) this.#sometimes["a run was swept away"] += 1;
        if (swept.messages > 0) this.#sometimes["consumed messages were swept away"] += 1;
        return swept;
      },
    };
  }

  /** The sender of this commit has been told that nobody answers. */
  gaveUp(commit: Commit): void {
    this.#givenUp.add(commit);
  }

  /** Whether this commit took effect, whoever knows of it. */
  hasApplied({ worker, number }: Commit): boolean {
    return (this.#numbers.get(worker) ?? 0) >= number;
  }

  /** The process that the store says owns this shard. */
  ownerOf(shard: number): string | undefined {
    return this.#processes.get(this.#owners.get(shard) ?? "");
  }

  isDurable(idempotencyKey: string): boolean {
    return this.#steps.has(idempotencyKey);
  }

  nameOf(channel: number): string {
    return this.#names.get(channel) ?? `channel ${channel}`;
  }

  #claimed(worker: string, leases: readonly Lease[]): readonly Lease[] {
    for (const { shard } of leases) this.#owners.set(shard, worker);
    return leases;
  }

  async #opened({ run, root, actor }: Submission): Promise<void> {
    this.#said(() => `store: run ${run.id} (${run.key}) submitted`);
    const key = run.key ?? run.id;
    this.submitted.set(key, [...(this.submitted.get(key) ?? []), run.id]);
    await this.#learn([root.id, adminChannelOf(run.id)], [root]);
    this.#born(actor);
  }

  async #learn(names: readonly string[], groups: readonly GroupRow[]): Promise<void> {
    for (const { key, name } of await this.#store.loadChannels(names)) {
      const depth = groups.find(({ id }) => id === name)?.depth ?? 0;
      this.channels.set(name, { key, name, run: runOf(name), depth, head: 0 });
      this.#names.set(key, name);
    }
  }

  #born(row: ActorRow): void {
    const channel = this.channels.get(row.group)?.key ?? -1;
    const actor = { row, channel, standing: "active" as const, cursor: row.cursor, turn: 1, state: row.state };
    this.actors.set(`${channel} ${row.name}`, actor);
  }

  async #commit(commit: Commit): Promise<CommitOutcome> {
    if ([...commit.log, ...commit.posted].some(({ kind }) => kind === POISON))
      throw new TroupeError("commit_rejected", "it has poison in it");
    if (this.#givenUp.has(commit))
      this.#sometimes["a commit arrived after its worker had been told that nobody answers"] += 1;
    const outcome = await this.#ask(commit);
    this.#said(() => this.#describe(commit, outcome));
    if (outcome.outcome === "fenced") this.#sometimes["a commit was fenced"] += 1;
    if (outcome.outcome !== "committed" || this.hasApplied(commit)) return outcome;
    this.#numbers.set(commit.worker, commit.number);
    const born = commit.groups.map(({ id }) => id);
    if (born.length > 0) await this.#learn(born, commit.groups);
    for (const row of commit.spawned) this.#born(row);
    const epochs = new Map(commit.leases.map(({ shard, epoch }) => [shard, epoch]));
    for (const row of commit.log)
      this.messages.push({ ...row, epoch: epochs.get(shardOf(this.nameOf(row.channel), this.#store.shards)) ?? -1 });
    for (const { channel, head } of commit.channels) this.#grew(this.nameOf(channel), head);
    for (const row of commit.actors) this.#wrote(row);
    for (const row of commit.turns) this.turns.push(row);
    if (commit.turns.length > 0) this.workedAt = this.#clock.monotonic();
    for (const row of commit.deadLetters) this.letters.push(row);
    for (const { channel, actor, turn, key } of commit.steps)
      if (key.startsWith("step:"))
        this.#steps.set(`${actor}@${this.nameOf(channel)}:${turn}:${key.slice(5)}`, commit.worker);
    this.check.applied(commit);
    this.#note(commit);
    return outcome;
  }

  /** One that comes late may find others applied before it, which its sender has sent since. */
  async #ask(commit: Commit): Promise<CommitOutcome> {
    try {
      return await this.#store.commit(commit);
    } catch (error) {
      if (!this.#givenUp.has(commit)) this.check.rejected(error);
      throw error;
    }
  }

  #grew(name: string, head: number): void {
    const channel = this.channels.get(name);
    if (channel !== undefined) this.channels.set(name, { ...channel, head });
  }

  #wrote({ channel, name, standing, cursor, turn, state }: ActorWrite): void {
    const key = `${channel} ${name}`;
    const actor = this.actors.get(key);
    if (actor === undefined) return;
    if (standing === "stopped" && actor.standing === "active") this.#sometimes["an actor was stopped"] += 1;
    this.actors.set(key, { ...actor, standing, cursor, turn, state: state ?? actor.state });
  }

  #note({ turns, log, posted, deadLetters, worker }: Commit): void {
    const seen = this.#sometimes;
    for (const { outcome, channel, actor, turn } of turns) {
      if (outcome === "dead" && actor.startsWith("phoenix")) seen["an actor was started anew"] += 1;
      const prefix = `${actor}@${this.nameOf(channel)}:${turn}:`;
      if (outcome === "done" && (this.#steps.get(`${prefix}step1`) ?? worker) !== worker)
        seen["a step was remembered after a crash"] += 1;
    }
    for (const { kind, channel, recipient } of log) {
      if (kind === FAILURE) seen["a failure was escalated"] += 1;
      if (recipient === null && isAdminChannel(this.nameOf(channel))) seen["an admin announced something"] += 1;
    }
    if (posted.length > 0) seen["mail went from group to group"] += 1;
    if (deadLetters.length > 0) seen["a message was a dead letter"] += 1;
  }

  #describe({ worker, number, log, turns, leases }: Commit, outcome: CommitOutcome): string {
    const rows = log.map(
      ({ channel, seq, sender, recipient, kind }) =>
        `${this.nameOf(channel)}:${seq} ${sender}→${recipient ?? "all"} ${kind}`,
    );
    const ends = turns.map(
      ({ actor, channel, turn, attempt, outcome: how, firstSeq, lastSeq }) =>
        `${actor}@${this.nameOf(channel)} turn ${turn}.${attempt} ${how} ${firstSeq}–${lastSeq}`,
    );
    const epochs = leases.map(({ shard, epoch }) => `${shard}/${epoch}`);
    return `store: ${this.#processes.get(worker)} commit ${number} [${epochs}] ${outcome.outcome}: ${[...ends, ...rows].join("; ")}`;
  }
}
