import {
  type Agent,
  localBus,
  memoryStore,
  type Random,
  type Runtime,
  type Settings,
  type Store,
  startRuntime,
  type TroupeEvent,
} from "@troupe/core";
import {
  type FaultPlan,
  faultPlan,
  faultyStore,
  type SimulatedClock,
  type SimulatedProcess,
  seededRandom,
  simulatedClock,
  simulatedProcess,
} from "@troupe/testing";

export interface WorldOptions {
  readonly agents: readonly Agent[];
  readonly settings?: Partial<Settings>;
  readonly shards?: number;
  readonly seed?: number;
}

/** A runtime of this world, and the ways in which its process can end. */
export interface Worker {
  readonly runtime: Runtime;
  readonly events: TroupeEvent[];
  readonly faults: FaultPlan;
  readonly troubles: unknown[];
  /** The process dies: nothing of it runs any more, and its lease runs out by itself. */
  crash(): void;
  /** The process stands still, as one that is swapped out. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** One memory store, one clock turned by hand, and the runtimes that a test starts on them. */
export class World implements AsyncDisposable {
  readonly clock: SimulatedClock = simulatedClock();
  readonly store: Store;
  readonly #options: WorldOptions;
  readonly #random: Random;
  readonly #workers: Worker[] = [];

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    this.store = memoryStore({ clock: this.clock, shards: options.shards ?? 4 });
  }

  /** Another process on the same store; it may know other agents. */
  async start({
    agents = this.#options.agents,
    watched = true,
  }: {
    agents?: readonly Agent[];
    watched?: boolean;
  } = {}) {
    const faults = faultPlan();
    const process = simulatedProcess({
      clock: this.clock,
      store: faultyStore(this.store, faults),
      // A bus of its own: no process of these tests hears another's bell.
      bus: localBus({ clock: this.clock }),
    });
    const troubles: unknown[] = [];
    const runtime = await this.until(
      startRuntime({
        store: process.store,
        bus: process.bus,
        clock: process.clock,
        random: this.#random,
        agents,
        settings: this.#options.settings ?? {},
        onTrouble: (error) => troubles.push(error),
      }),
    );
    const worker = this.#worker(runtime, process, faults, troubles);
    if (watched) runtime.events$.subscribe((event) => worker.events.push(event));
    this.#workers.push(worker);
    return worker;
  }

  /** What the promise comes to, turning the clock for as long as it takes, at most `ms`. */
  async until<T>(promise: Promise<T>, ms = 3_600_000): Promise<T> {
    let over = false;
    const settled = promise.finally(() => {
      over = true;
    });
    settled.catch(() => undefined);
    await this.clock.settle();
    for (let waited = 0, step = 1; !over && waited < ms; waited += step, step = Math.min(step * 2, 1_000)) {
      await this.clock.advance(step);
    }
    if (!over) throw new Error(`nothing came of it in ${ms} ms`);
    return settled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.#workers) await worker.close();
  }

  #worker(runtime: Runtime, process: SimulatedProcess, faults: FaultPlan, troubles: unknown[]): Worker {
    return {
      runtime,
      faults,
      troubles,
      events: [],
      crash: process.kill,
      freeze: process.freeze,
      thaw: process.thaw,
      close: async () => {
        if (process.isDead) return;
        process.thaw();
        faults.up();
        await this.until(runtime.close());
      },
    };
  }
}

/** A world with one runtime. */
export async function openWorld(options: WorldOptions): Promise<World & { readonly worker: Worker }> {
  const world = new World(options);
  return Object.assign(world, { worker: await world.start() });
}

/** The parts of the events that a test is about. */
export function eventsOf<T extends TroupeEvent["type"]>(events: readonly TroupeEvent[], type: T) {
  return events.filter((event): event is Extract<TroupeEvent, { type: T }> => event.type === type);
}
