import { Runtime, type Store } from "@troupe/core";
import {
  networkStore,
  type SimulatedBus,
  type SimulatedClock,
  type SimulatedProcess,
  seededRandom,
  simulatedProcess,
  type Line as Wire,
} from "@troupe/testing";
import { Cast } from "./cast.ts";
import { diceOf } from "./dice.ts";
import type { Plan } from "./plan.ts";
import type { Recorder } from "./recorder.ts";
import type { SometimeCounts } from "./sometimes.ts";
import { type Flying, tap } from "./tap.ts";
import { wordsOf } from "./trace.ts";
import { TrafficWatch, type TurnsSeen } from "./traffic-watch.ts";
import type { Witness } from "./witness.ts";

/** What a process of the simulated world has around it. */
interface Around {
  readonly plan: Plan;
  readonly clock: SimulatedClock;
  readonly recorder: Recorder;
  readonly witness: Witness;
  readonly sometimes: SometimeCounts;
  readonly flying: Flying;
  readonly turns: TurnsSeen;
  readonly bus: SimulatedBus;
  said(text: () => string): void;
  /** This one is gone for good; another one comes. */
  replace(process: WorkerProcess): void;
}

/** A process of the simulated world with a runtime in it. */
export class WorkerProcess {
  readonly name: string;
  readonly process: SimulatedProcess;
  readonly runtime: Runtime;
  readonly cast: Cast;
  readonly watch: TrafficWatch;
  /** Set while it stands still. */
  frozenAt: number | undefined;
  /** It was told to end, and is doing so. */
  closing: Promise<void> | undefined;

  constructor(world: Around, name: string, wire: Wire) {
    const { plan, clock, recorder, sometimes } = world;
    this.name = name;
    const random = seededRandom(diceOf(plan.seed, name).int(0, Number.MAX_SAFE_INTEGER));
    const far: Store = networkStore(recorder.connect(name), {
      clock,
      random: seededRandom(random.next() * 2 ** 50),
      line: wire,
    });
    this.process = simulatedProcess({
      clock,
      store: spoken(name, tap(name, far, recorder, world.flying, sometimes), world),
      bus: world.bus.connect(),
    });
    this.watch = new TrafficWatch(name, plan.shards, sometimes, world.turns);
    this.cast = new Cast({
      seed: plan.seed,
      clock: this.process.clock,
      witness: (actor, key, seq) => {
        if (!this.process.isDead) world.witness.see(name, actor, key, seq);
      },
      answered: () => {
        sometimes["a question was answered"] += 1;
      },
      mistaken: (what) => world.witness.mistaken(what),
    });
    this.runtime = new Runtime({
      store: this.process.store,
      bus: this.process.bus,
      clock: this.process.clock,
      random,
      agents: this.cast.all,
      settings: plan.settings,
      onTrouble: (error) => world.said(() => `${name}: trouble: ${String(error)}`),
    });
    this.runtime.events$.subscribe((event) => {
      if (this.process.isDead) return;
      world.said(() => `${name} ${wordsOf(event)}`);
      this.watch.hear(event);
    });
    this.runtime.start().catch((error: unknown) => {
      world.said(() => `${name}: could not start: ${String(error)}`);
      // As a service would: it is started again.
      if (!this.process.isDead && this.closing === undefined) clock.after(200, () => world.replace(this));
    });
  }

  get isUsable(): boolean {
    return !this.process.isDead && this.frozenAt === undefined && this.closing === undefined;
  }
}

/** Tells the trace what is asked of the store, and what came of it. */
function spoken(name: string, store: Store, { said }: Around): Store {
  return new Proxy(store, {
    get(target, method: keyof Store) {
      const member = target[method];
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        const asked = `${name}: ${method}(${method === "commit" ? (args[0] as { number: number }).number : JSON.stringify(args).slice(1, -1)})`;
        said(() => asked);
        try {
          const answer = await Reflect.apply(member as () => Promise<unknown>, target, args);
          said(() => `${asked} answered`);
          return answer;
        } catch (error) {
          said(() => `${asked} failed: ${String(error)}`);
          throw error;
        }
      };
    },
  });
}
