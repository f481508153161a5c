import type { Actor, Group } from "../actor/actor.ts";
import type { ChannelName, RunId } from "../address.ts";
import { pause, repeat } from "../alarm.ts";
import type { AssembleContext, Assembled } from "../commit/assemble.ts";
import { CommitPipeline, type PipelineOwner } from "../commit/pipeline.ts";
import { giveBack, Write, type WriteRefusal } from "../commit/write.ts";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { type Lease, type RunEnd, type RunRow, WAKE_ON_MAIL } from "../ports/rows.ts";
import type { CommitOutcome, Store } from "../ports/store.ts";
import type { Refusal } from "../refusal.ts";
import type { Registry } from "../registry.ts";
import type { Settings } from "../settings.ts";
import type { RunLedger } from "../supervisor/run-ledger.ts";
import { WaitGraph } from "../supervisor/wait-graph.ts";
import type { Traffic } from "../traffic.ts";
import { Admission } from "./admission.ts";
import { applyPlaced, wakeOf } from "./apply.ts";
import { type Census, censusOf } from "./census.ts";
import { Dispatcher } from "./dispatcher.ts";
import { Ownership } from "./ownership.ts";
import { catchUpWrites, dropIdleStates, isAtWork, quietGroups } from "./passivation.ts";
import { type Home, Residency } from "./residency.ts";
import { RunBook } from "./run-book.ts";
import { noteGained, noteLost } from "./shard-events.ts";
import { CHECK_MS, TurnRunner } from "./turn-runner.ts";
import type { TurnRunnerHost } from "./turn-runner-host.ts";
import { WakeAlarms } from "./wake-alarms.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** Owns shards and runs their actors, for one lease-holder's life: from `start` until it is stopped, or its lease lost. */
export class Worker implements PipelineOwner, TurnRunnerHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  readonly registry: Registry;
  readonly traffic: Traffic;
  readonly waits = new WaitGraph();
  readonly dispatcher: Dispatcher;
  readonly residency: Residency;
  readonly id: string;
  readonly #options: WorkerOptions;
  readonly #pipeline: CommitPipeline;
  readonly #runner: TurnRunner;
  readonly #admission: Admission;
  readonly #ownership: Ownership;
  readonly #runs: RunBook;
  readonly #releasing = new Set<number>();
  readonly #alarms: WakeAlarms;
  readonly #timers: (() => void)[] = [];
  #sentAt = 0;
  #over = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.store = options.store;
    this.clock = options.clock;
    this.random = options.random;
    this.settings = options.settings;
    this.registry = options.registry;
    this.traffic = options.traffic;
    this.id = options.random.id();
    this.#pipeline = new CommitPipeline(this);
    this.dispatcher = new Dispatcher({
      clock: this.clock,
      settings: this.settings,
      backlog: () => this.#pipeline.length,
      take: (actor) => this.#runner.take(actor),
    });
    this.#runner = new TurnRunner(this);
    this.#alarms = new WakeAlarms(this.clock, (name, shard) => void this.#load(name, shard));
    this.#runs = new RunBook(this);
    this.residency = new Residency({
      store: this.store,
      clock: this.clock,
      registry: this.registry,
      waits: this.waits,
      epoch: (shard) => (this.#owns(shard) ? this.#ownership.epochs.get(shard) : undefined),
      ledgers: (runs) => this.#runs.ledgers(runs),
      ready: (actor) => this.dispatcher.wake(actor),
      waiting: (actor) => this.#runner.wait(actor),
      stray: (actor) => this.#runner.stray(actor),
    });
    this.#admission = new Admission({
      store: this.store,
      settings: this.settings,
      residency: this.residency,
      now: () => this.clock.now(),
      owned: () => [...this.#ownership.epochs.keys()].filter((shard) => this.#owns(shard)),
      write: (write) => this.write(write),
      failed: (error) => this.failed(error),
    });
    this.#ownership = new Ownership({
      store: this.store,
      clock: this.clock,
      settings: this.settings,
      worker: this.id,
      claimed: (leases) => noteGained(this.traffic, leases),
      gained: (leases) => this.#gained(leases),
      letGo: (shard) => this.#letGo(shard),
      released: (shards) => this.#released(shards),
      lostAll: (why) => this.#lostAll(why),
      lost: (shards) => this.#dropShards(new Set(shards), "fenced"),
      answered: () => this.#options.onStoreBack(),
      failed: (error) => this.failed(error),
    });
  }

  get context(): Omit<AssembleContext, "number"> {
    this.#sentAt = this.clock.monotonic();
    return { worker: this.id, leaseMs: this.settings.leaseMs, epochs: this.#ownership.epochs };
  }

  async start(): Promise<void> {
    this.#timers.push(
      this.#options.bus.listen((bell) =>
        bell.about === "shard" ? this.look(bell.shard) : void this.#checkRun(bell.run),
      ),
    );
    const every = (ms: number, fn: () => void) => this.#timers.push(repeat(this.clock, ms, fn));
    every(CHECK_MS, () => this.#runner.checkTime(this.clock.monotonic()));
    every(this.settings.pollMs, () => this.#poll());
    every(Math.max(this.settings.idleMs / 2, 1), () => this.#passivate());
    try {
      await this.#ownership.start(this.#options.deployment);
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** Finishes what is under way, as far as `graceMs` allows, commits it and gives every shard back. */
  async stop(): Promise<void> {
    if (this.#over) return;
    this.dispatcher.stop();
    const until = this.clock.monotonic() + this.settings.graceMs;
    while (this.#runner.busy > 0 && this.clock.monotonic() < until) await pause(this.clock, 5);
    await this.#ownership.stop().catch(() => undefined);
    const late = Promise.withResolvers<void>();
    const cancel = this.clock.after(Math.max(until - this.clock.monotonic(), 1_000), late.resolve);
    await Promise.race([this.#pipeline.idle(), late.promise]);
    cancel();
    this.#end();
    await this.store.leave(this.id).catch((error: unknown) => this.failed(error));
    this.#options.bus.ring([...this.#ownership.epochs.keys()].map((shard) => ({ about: "shard", shard }) as const));
  }

  /** A run was submitted, or something posted, to this shard. */
  look(shard: number): void {
    if (this.#owns(shard)) this.#poll();
  }

  census(): Census {
    return censusOf(this.residency.groups(), this.#runner.busy, this.#pipeline.length);
  }

  failed(error: unknown): void {
    if (!this.#over) this.#options.onTrouble(error);
  }

  write(write: Write): void {
    this.#pipeline.add(write);
  }

  noteRefusal(actor: Actor, { reason, message }: Refusal): void {
    if (this.traffic.watched)
      this.traffic.emit({ type: "refused", run: actor.group.run.id, actor: actor.address, reason, message });
  }

  parkingChanged(actor: Actor, parked: boolean): void {
    this.#runner.parkingChanged(actor, parked);
  }

  applied(assembled: Assembled, outcome: Extract<CommitOutcome, { outcome: "committed" }>): void {
    this.#ownership.renewed(this.#sentAt);
    const now = this.clock.monotonic();
    for (const { write } of assembled.placed) write.group.touchedAt = now;
    const posts = applyPlaced(assembled, {
      registry: this.registry,
      traffic: this.traffic,
      wake: (actor) => this.dispatcher.wake(actor),
      stray: (actor) => this.#runner.stray(actor),
      resume: (actor) => this.#runner.goOn(actor),
    });
    const ended = new Map<RunId, Pick<RunRow, "status" | "error">>();
    for (const { run, spent, quiescent } of outcome.accounts) {
      this.#runs.find(run)?.settle(spent);
      if (this.traffic.watched) this.traffic.emit({ type: "budget", run, spent });
      if (quiescent) ended.set(run, { status: "quiescent", error: null });
    }
    for (const { write } of assembled.placed) if (write.end !== undefined) ended.set(write.group.run.id, write.end);
    if (ended.size > 0) this.#runsEnded(ended);
    this.#forward(posts);
    for (const group of assembled.channels.keys()) this.#correct(group);
    for (const { write } of assembled.placed) {
      if (write.consumed > 0 && write.group.held.length > 0) this.#admission.retry(write.group);
    }
    this.dispatcher.run();
  }

  lost(outcome: Extract<CommitOutcome, { outcome: "fenced" | "ended" }>): void {
    if (outcome.outcome === "ended") {
      for (const run of outcome.runs) this.#runOver(run);
      return;
    }
    this.#ownership.fenced(outcome.shards);
    this.#dropShards(new Set(outcome.shards), "fenced");
  }

  isLive(write: Write): boolean {
    return write.group.alive && !this.#runner.isBroken(write.turn);
  }

  refused(write: Write, refusal: WriteRefusal): void {
    if (write.turn !== undefined && write.turnRow === undefined) this.#runner.breakTurn(write.turn, refusal);
    giveBack(write);
    if (refusal.why === "over_limit") void this.#overLimit(write, refusal);
    else write.refused(refusal);
    if (refusal.why === "rejected" && write.turn === undefined) this.failed(refusal.error);
    // Turns may have waited for this write to be out of the way.
    this.dispatcher.run();
  }

  /** Another worker has spent of the account: it is read anew before the turn is tried again, so that it is told of the limit. */
  async #overLimit(write: Write, refusal: WriteRefusal): Promise<void> {
    const { group } = write;
    while (group.alive && !(await this.#runs.refresh(group.run.id))) await pause(this.clock, this.settings.pollMs);
    write.refused(refusal);
    this.dispatcher.run();
  }

  storeLost(error: unknown): void {
    this.#options.onStoreLost(error);
    this.failed(error);
  }

  storeBack(): void {
    this.#options.onStoreBack();
  }

  endRun(ledger: RunLedger, end: RunEnd): void {
    if (ledger.status !== "running") return;
    ledger.status = end.status;
    this.store.endRun(ledger.id, end).then(
      (row) => this.#runsEnded(new Map([[ledger.id, row]])),
      (error: unknown) => {
        ledger.status = "running";
        this.failed(error);
        if (!this.#over) this.clock.after(1_000, () => this.endRun(ledger, end));
      },
    );
  }

  #owns(shard: number): boolean {
    return !this.#over && this.#ownership.owns(shard) && !this.#releasing.has(shard);
  }

  async #gained(leases: readonly Lease[]): Promise<void> {
    const channels = await this.#admission.takeUp(leases.map(({ shard }) => shard));
    const now = this.clock.now();
    for (const { name, shard, wakeAt } of channels) {
      this.residency.suspect(name);
      if (wakeAt <= now) void this.#load(name, shard);
      else this.#alarms.set(name, shard, wakeAt);
    }
  }

  /** Brings a group to memory because it has something to do; again and again, if the store does not answer. */
  async #load(name: ChannelName, shard: number): Promise<void> {
    try {
      const group = await this.residency.load(name);
      this.#alarms.cancel(name);
      if (group !== undefined) this.#correct(group);
      this.dispatcher.run();
    } catch (error) {
      this.failed(error);
      if (this.#owns(shard)) this.#alarms.set(name, shard, this.clock.now() + this.settings.pollMs);
    }
  }

  /** What the store was told about a group's next work may be off, since it was said before the commit. */
  #correct(group: Group): void {
    if (!group.alive || group.writes > 0 || group.kind === "admin") return;
    if (wakeOf(group) !== group.wakeAt) this.write(new Write(group));
  }

  #forward(posts: ReturnType<typeof applyPlaced>): void {
    if (posts.length === 0) return;
    const own = posts.filter((post) => this.#owns(post.shard));
    const others = new Set(posts.filter((post) => !this.#owns(post.shard)).map((post) => post.shard));
    if (others.size > 0) this.#options.bus.ring([...others].map((shard) => ({ about: "shard", shard }) as const));
    this.#admission.forward(own, (shard) => this.#ownership.since(shard) <= this.#sentAt);
  }

  #poll(): void {
    if (this.#over || !this.#ownership.isSure) return;
    this.#admission.poll().catch((error: unknown) => this.failed(error));
  }

  async #checkRun(run: RunId): Promise<void> {
    if (this.#runs.find(run) === undefined) return this.#options.onRunEnded(run, undefined);
    try {
      const [row] = await this.store.loadRuns([run]);
      if (row !== undefined && row.status !== "running") this.#runsEnded(new Map([[run, row]]), false);
    } catch (error) {
      this.failed(error);
    }
  }

  /** Many at once where they ended at once: to look through all groups takes the same for one run. */
  #runsEnded(ended: ReadonlyMap<RunId, Pick<RunRow, "status" | "error"> | undefined>, ring = true): void {
    const known = [...ended.keys()].flatMap((run) => this.#runs.find(run) ?? []);
    for (const ledger of known) ledger.status = ended.get(ledger.id)?.status ?? "cancelled";
    this.#drop((group) => ended.has(group.run.id));
    for (const { id, status } of this.traffic.watched ? known : [])
      this.traffic.emit({ type: "run_ended", run: id, status, error: ended.get(id)?.error ?? undefined });
    for (const [run, end] of ended) {
      this.#runs.forget(run);
      this.#options.onRunEnded(run, end?.status);
    }
    if (ring) this.#options.bus.ring([...ended.keys()].map((run) => ({ about: "run", run }) as const));
  }

  /** The store says that the run is over; how it ended is to be read. */
  #runOver(run: RunId): void {
    const ledger = this.#runs.find(run);
    if (ledger !== undefined) ledger.status = "cancelled";
    this.#drop((group) => group.run.id === run);
    void this.#checkRun(run);
  }

  #drop(doomed: (group: Home) => boolean): void {
    this.#forget(this.residency.drop(doomed));
  }

  #forget(groups: readonly Group[]): void {
    for (const group of groups) {
      this.#admission.forget(group);
      for (const actor of group.members.values()) this.#runner.forget(actor);
    }
  }

  #dropShards(shards: ReadonlySet<number>, why: "released" | "fenced" | "lease_over"): void {
    this.#drop((group) => shards.has(group.shard));
    this.#alarms.cancelWhere((shard) => shards.has(shard));
    noteLost(this.traffic, shards, why);
  }

  /** Lets a shard's turns end, within the grace, and what they wrote become durable. */
  async #letGo(shard: number): Promise<void> {
    this.#releasing.add(shard);
    for (const group of this.residency.groups()) if (group.shard === shard) group.leaving = true;
    const until = this.clock.monotonic() + this.settings.graceMs;
    const atWork = (): boolean =>
      [...this.residency.groups()].some((group) => group.shard === shard && isAtWork(group));
    while (atWork() && this.clock.monotonic() < until) await pause(this.clock, 5);
    for (const group of this.residency.groups()) if (group.shard === shard) group.alive = false;
    while ([...this.residency.groups()].some((group) => group.shard === shard && group.writes > 0))
      await pause(this.clock, 5);
    this.#dropShards(new Set([shard]), "released");
  }

  #released(shards: readonly number[]): void {
    for (const shard of shards) this.#releasing.delete(shard);
    this.#options.bus.ring(shards.map((shard) => ({ about: "shard", shard }) as const));
  }

  #lostAll(why: "lease_over" | "fenced"): void {
    if (this.#over) return;
    this.#dropShards(new Set([...this.residency.groups()].map((group) => group.shard)), why);
    this.#end();
    this.#options.onLost();
  }

  #end(): void {
    this.#over = true;
    this.dispatcher.stop();
    this.#pipeline.stop();
    for (const cancel of this.#timers.splice(0)) cancel();
    this.#alarms.cancelWhere(() => true);
    this.#drop(() => true);
    this.#runs.retain(new Set());
  }

  /** Groups where nothing has happened for a while leave memory, parked turns with them; so do the states of idle members. */
  #passivate(): void {
    const before = this.clock.monotonic() - this.settings.idleMs;
    for (const group of this.residency.groups()) {
      dropIdleStates(group, before);
      for (const write of catchUpWrites(group)) this.write(write);
    }
    const leaving = quietGroups(this.residency.groups(), before);
    for (const group of leaving) {
      if (group.wakeAt !== null && group.wakeAt < WAKE_ON_MAIL) this.#alarms.set(group.id, group.shard, group.wakeAt);
    }
    this.#forget(this.residency.rest(leaving));
    this.#runs.retain(new Set([...this.residency.groups()].map((group) => group.run.id)));
  }
}
