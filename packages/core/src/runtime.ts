import { filter, type Observable } from "rxjs";
import { OUTSIDE, type RunId, shardOf } from "./address.ts";
import type { Agent } from "./agent.ts";
import { decode, encode } from "./codec.ts";
import { isFault, TroupeError } from "./fault.ts";
import { type BodyIn, bodySchema, type Kinds } from "./kinds.ts";
import { localBus } from "./local-bus.ts";
import type { Bus } from "./ports/bus.ts";
import type { Clock } from "./ports/clock.ts";
import type { Random } from "./ports/random.ts";
import type { RunRow, RunStatus } from "./ports/rows.ts";
import type { Store, Submission } from "./ports/store.ts";
import { Registry } from "./registry.ts";
import { Run } from "./run.ts";
import { check } from "./schema.ts";
import { type Settings, settingsFrom } from "./settings.ts";
import { type Limits, limitsFrom } from "./supervisor/limits.ts";
import { systemClock } from "./system-clock.ts";
import { systemRandom } from "./system-random.ts";
import { Traffic, type TroupeEvent } from "./traffic.ts";
import type { Census } from "./worker/census.ts";
import { Janitor } from "./worker/janitor.ts";
import { Worker } from "./worker/worker.ts";

export interface RuntimeOptions {
  readonly store: Store;
  /** Default: one that reaches this process only. */
  readonly bus?: Bus;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly agents: readonly Agent[];
  readonly settings?: Partial<Settings>;
  /** Label of the code; a run remembers which one it began on. */
  readonly deployment?: string;
  /** Hears what goes wrong without a caller: a lost store (once), an unknown agent, a write the store will not take. */
  readonly onTrouble?: (error: unknown) => void;
}

export interface SubmitOptions {
  /** The same key again is the same run. */
  readonly key?: string;
  readonly tenant?: string;
  readonly limits?: Partial<Limits>;
}

/** What an agent must be sent to start a run: the body of its kind `start`. */
export type InputOf<K extends Kinds> = K extends { readonly start: infer Spec } ? BodyIn<Spec> : never;

const REJOIN_MS = 200;

/**
 * Runs agents on a store: joins its workers, takes shards, and runs the actors in them.
 * Does not close the store and the bus that it was given.
 *
 * @throws TroupeError `config_invalid`, or what the store says when it cannot be joined.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const runtime = new Runtime(options);
  try {
    await runtime.start();
  } catch (error) {
    await runtime.close();
    throw error;
  }
  return runtime;
}

export class Runtime implements AsyncDisposable {
  readonly store: Store;
  readonly clock: Clock;
  readonly events$: Observable<TroupeEvent>;
  readonly #options: RuntimeOptions;
  readonly #bus: Bus;
  readonly #random: Random;
  readonly #registry: Registry;
  readonly #settings: Settings;
  readonly #traffic = new Traffic();
  readonly #janitor: Janitor;
  readonly #endWaiters = new Map<RunId, Set<() => void>>();
  #worker: Worker;
  #closed = false;
  #closing: Promise<void> | undefined;
  #cancelRejoin: () => void = () => undefined;
  #troubled = false;
  #lost = false;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.store = options.store;
    this.clock = options.clock ?? systemClock;
    this.#random = options.random ?? systemRandom;
    this.#bus = options.bus ?? localBus({ clock: this.clock });
    this.#registry = new Registry(options.agents);
    this.#settings = settingsFrom(options.settings ?? {});
    this.events$ = this.#traffic.events$;
    this.#janitor = new Janitor(this.store, this.clock, this.#settings, (error) => this.#trouble(error));
    this.#worker = this.#makeWorker();
  }

  async start(): Promise<void> {
    await this.#worker.start();
    this.#janitor.start();
  }

  /**
   * Starts a run: its root is an actor of this agent, which gets the input as a message of kind `start`.
   * Returns once the run is durable.
   *
   * @throws TroupeError `input_invalid`, `config_invalid`, `key_conflict` (the key is another run's), `runtime_closed`, `store_unavailable`.
   */
  async submit<K extends Kinds, State, Result>(
    agent: Agent<K, State, Result>,
    input: InputOf<K>,
    options: SubmitOptions = {},
  ): Promise<Run<Result>> {
    this.#open();
    this.#registry.add(agent);
    const submission = this.#submission(agent, input, options);
    const { run, created } = await this.store.submit(submission);
    if (!created && (run.definition !== agent.name || !sameBytes(run.input, submission.run.input))) {
      throw new TroupeError(
        "key_conflict",
        `${options.key}; it started ${run.definition} with ${JSON.stringify(decode(run.input))}`,
      );
    }
    if (created) {
      this.#worker.look(submission.first.shard);
      this.#bus.ring([{ about: "shard", shard: submission.first.shard }]);
    }
    return this.#run<Result>(run.id, created);
  }

  /** A run by its id; undefined if there is none. */
  async run(id: RunId): Promise<Run | undefined> {
    this.#open();
    const [row] = await this.store.loadRuns([id]);
    return row === undefined ? undefined : this.#run(id, false);
  }

  /** What is in memory here now, in numbers. */
  census(): Census {
    return this.#worker.census();
  }

  /** Lets the turns under way end (for `graceMs` at most), commits what they did and gives the shards back. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed = true;
    this.#cancelRejoin();
    this.#janitor.stop();
    await this.#worker.stop();
    for (const waiters of this.#endWaiters.values()) for (const wake of waiters) wake();
    this.#traffic.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #run<Result>(id: RunId, created: boolean): Run<Result> {
    return new Run<Result>(id, created, {
      store: this.store,
      events$: this.events$.pipe(filter((event) => !("run" in event) || event.run === id)),
      ended: (wake) => this.#onEnd(id, wake),
      pollMs: this.#settings.pollMs,
      clock: this.clock,
      isClosed: () => this.#closed,
      rang: () => {
        this.#bus.ring([{ about: "run", run: id }]);
      },
    });
  }

  #submission(agent: Agent, input: unknown, { key, tenant, limits }: SubmitOptions): Submission {
    const schema = bodySchema(agent.on, "start");
    if (schema === undefined)
      throw new TroupeError(
        "input_invalid",
        `${agent.name} takes no message of kind start; declare it with on: { start: schema }`,
      );
    const checked = check(schema, input);
    if (!checked.ok) throw new TroupeError("input_invalid", `start for ${agent.name}: ${checked.message}`);
    if (key !== undefined && key.trim() === "") throw new TroupeError("config_invalid", "key is empty");
    const id = this.#random.id();
    const body = encode(checked.value);
    const { bodyBytes } = this.#settings;
    if (body.length > bodyBytes)
      throw new TroupeError("input_invalid", `start for ${agent.name} has ${body.length} bytes; at most ${bodyBytes}`);
    const now = this.clock.now();
    const shard = shardOf(id, this.store.shards);
    const run: RunRow = {
      id,
      tenant: tenant ?? "default",
      key: key ?? null,
      definition: agent.name,
      deployment: this.#options.deployment ?? "default",
      status: "running",
      limits: limitsFrom(limits ?? {}),
      spent: { turns: 0, messages: 0, actors: 1, actorsLiving: 1, groups: 1, modelCalls: 0, tokens: 0, cost: 0 },
      input: body,
      result: null,
      error: null,
      resumed: 0,
      createdAt: now,
      endedAt: null,
    };
    return {
      run,
      root: { id, shard, run: id, depth: 1, admin: agent.name, spawner: null },
      actor: {
        group: id,
        name: agent.name,
        definition: agent.name,
        spawner: null,
        cursor: 0,
        state: encode(agent.initial()),
      },
      first: {
        shard,
        key: `start:${id}`,
        run: id,
        channel: id,
        sender: OUTSIDE,
        recipient: agent.name,
        kind: "start",
        body: encode(input),
        cause: null,
        at: now,
        headers: null,
      },
    };
  }

  #makeWorker(): Worker {
    return new Worker({
      store: this.store,
      bus: this.#bus,
      clock: this.clock,
      random: this.#random,
      registry: this.#registry,
      settings: this.#settings,
      deployment: this.#options.deployment ?? "default",
      traffic: this.#traffic,
      onRunEnded: (run: RunId, _status: RunStatus | undefined) => this.#wakeWaiters(run),
      onLost: () => this.#rejoin(),
      onStoreLost: (error) => this.#storeLost(error),
      onStoreBack: () => this.#storeBack(),
      onTrouble: (error) => this.#trouble(error),
    });
  }

  /** The lease is lost: what was in memory is gone from it, and a new worker starts from what the store says. */
  #rejoin(): void {
    if (this.#closed) return;
    this.#worker = this.#makeWorker();
    this.#worker.start().catch((error: unknown) => {
      this.#trouble(error);
      this.#cancelRejoin = this.clock.after(REJOIN_MS, () => this.#rejoin());
    });
  }

  #onEnd(run: RunId, wake: () => void): () => void {
    const waiters = this.#endWaiters.get(run) ?? new Set();
    waiters.add(wake);
    this.#endWaiters.set(run, waiters);
    return () => {
      waiters.delete(wake);
      if (waiters.size === 0) this.#endWaiters.delete(run);
    };
  }

  #wakeWaiters(run: RunId): void {
    for (const wake of this.#endWaiters.get(run) ?? []) wake();
  }

  /** The worker that notices the loss may be gone when the store is back. */
  #storeLost(error: unknown): void {
    if (this.#lost) return;
    this.#lost = true;
    if (!this.#traffic.watched) return;
    this.#traffic.emit({ type: "store_lost", error: error instanceof Error ? error.message : String(error) });
  }

  #storeBack(): void {
    this.#troubled = false;
    if (!this.#lost) return;
    this.#lost = false;
    if (this.#traffic.watched) this.#traffic.emit({ type: "store_back" });
  }

  /** A store that is away is said once, until something works again. */
  #trouble(error: unknown): void {
    const away = isFault(error, "store_unavailable");
    if (away && this.#troubled) return;
    this.#troubled = away;
    this.#options.onTrouble?.(error);
  }

  #open(): void {
    if (this.#closed) throw new TroupeError("runtime_closed");
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
