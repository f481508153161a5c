import { type Clock, memoryStore, type Store } from "@troupe/core";
import {
  type Airwaves,
  GOOD_AIRWAVES,
  GOOD_LINE,
  type Line,
  type SimulatedBus,
  type SimulatedClock,
  seededRandom,
  simulatedBus,
  simulatedClock,
} from "@troupe/testing";
import type { Violation } from "../history/history.ts";
import { diceOf } from "./dice.ts";
import type { Plan } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import type { SometimeCounts } from "./sometimes.ts";
import type { Flying } from "./tap.ts";
import type { Trace } from "./trace.ts";
import type { TurnsSeen } from "./traffic-watch.ts";
import { Witness } from "./witness.ts";
import { WorkerProcess } from "./worker-process.ts";

export type Said = (text: () => string) => void;

/** One store, and the processes around it, on one clock. */
export class World {
  readonly plan: Plan;
  readonly sometimes: SometimeCounts;
  readonly clock: SimulatedClock = simulatedClock();
  readonly store: Store;
  readonly recorder: Recorder;
  readonly witness: Witness;
  readonly bus: SimulatedBus;
  readonly airwaves: Airwaves;
  readonly flying: Flying = new Map();
  readonly turns: TurnsSeen = { parked: new Set(), takenBy: new Map() };
  readonly processes: WorkerProcess[] = [];
  readonly violations: Violation[] = [];
  readonly said: Said;
  /** Of every line, also of those that will be laid. */
  readonly wire: Line;
  #storeLeap = 0;

  constructor(plan: Plan, sometimes: SometimeCounts, trace: Trace | undefined) {
    this.plan = plan;
    this.sometimes = sometimes;
    const { clock } = this;
    this.said = trace === undefined ? () => undefined : (text) => trace.say(clock.monotonic(), text());
    // Leases are judged by the store's clock, which may leap ahead of all others.
    const storeClock: Clock = { ...clock, monotonic: () => clock.monotonic() + this.#storeLeap };
    this.store = memoryStore({ clock: storeClock, shards: plan.shards });
    this.recorder = new Recorder(plan, this.store, clock, sometimes, this.said);
    this.witness = new Witness(this.recorder, plan.shards, sometimes);
    const { bellsLost, bellsDoubled, bellMs, lost, answerLost, late, slowMs } = plan.trouble;
    this.airwaves = { minMs: 0.1, maxMs: bellMs, lost: bellsLost, doubled: bellsDoubled };
    this.wire = { ...GOOD_LINE, maxMs: slowMs, lost, answerLost, late, timeoutMs: 500 };
    const random = seededRandom(diceOf(plan.seed, "bus").int(0, Number.MAX_SAFE_INTEGER));
    this.bus = simulatedBus({ clock, random, airwaves: this.airwaves });
  }

  start(): WorkerProcess {
    const process = new WorkerProcess(this, `w${this.processes.length + 1}`, this.wire);
    this.said(() => `${process.name} starts`);
    this.processes.push(process);
    return process;
  }

  /** It is gone for good; another one comes. */
  replace(process: WorkerProcess): void {
    process.process.kill();
    this.start();
  }

  get alive(): readonly WorkerProcess[] {
    return this.processes.filter(({ process }) => !process.isDead);
  }

  get usable(): readonly WorkerProcess[] {
    return this.processes.filter(({ isUsable }) => isUsable);
  }

  leapStore(ms: number): void {
    this.#storeLeap += ms;
  }

  /** From now on nothing goes wrong. */
  calm(): void {
    this.said(() => "— from here on nothing goes wrong —");
    Object.assign(this.wire, GOOD_LINE, { maxMs: 3 });
    Object.assign(this.airwaves, GOOD_AIRWAVES);
  }
}
