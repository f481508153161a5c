import type { Dice } from "./faults/fault.ts";
import { FAULTS, type FaultName } from "./faults/faults.ts";
import type { Goal } from "./goals.ts";
import type { Appointment } from "./schedule.ts";
import { answersWithin, type Stage } from "./stage.ts";

const RECOVERY_MS = 60_000;
const LOOK_MS = 100;
/** A reminder whose fault is at work already, or that only time can help. */
const PAUSE_MS = 1_000;

/** Does faults to a stage: those that concern the whole database one after the other, the others as they come. */
export class Execution {
  /** How often each fault took effect. */
  readonly done: Record<FaultName, number>;
  readonly #stage: Stage;
  readonly #stop: AbortSignal;
  readonly #say: (line: string) => void;
  readonly #underWay = new Set<Promise<void>>();
  #database: Promise<unknown> = Promise.resolve();

  constructor(stage: Stage, done: Record<FaultName, number>, stop: AbortSignal, say: (line: string) => void) {
    this.#stage = stage;
    this.#stop = stop;
    this.#say = say;
    this.done = done;
  }

  /** Keeps every appointment; resolves when the time is over and the last fault is mended. */
  async keep(schedule: readonly Appointment[], totalMs: number): Promise<void> {
    const started = performance.now();
    for (const { at, fault, dice } of schedule) {
      await this.#until(started + at);
      if (this.#stop.aborted) break;
      void this.#begin(fault, dice);
    }
    await this.#until(started + totalMs);
    if (!this.#stop.aborted) await Promise.all(this.#underWay);
  }

  /** Chance is no excuse: what is short of its goal is made up for, for so long at most. */
  async makeUp(short: () => readonly Goal[], dice: Dice, mostMs: number): Promise<void> {
    const until = performance.now() + mostMs;
    while (performance.now() < until && !this.#stop.aborted) {
      const [goal] = short();
      if (goal === undefined) return;
      if (goal.by === undefined) await this.#until(performance.now() + PAUSE_MS);
      else await this.#begin(goal.by, dice);
    }
  }

  #begin(fault: FaultName, dice: Dice): Promise<void> {
    const isExclusive = "exclusive" in FAULTS[fault];
    const run = async () => {
      if (isExclusive) await answersWithin(this.#stage.url, RECOVERY_MS);
      const started = performance.now();
      this.#say(`        ${fault}`);
      // One that meets another may fail; the figures say if too many did.
      const tookEffect = await FAULTS[fault].run(this.#stage, dice).catch(() => false);
      if (tookEffect) this.done[fault] += 1;
      const ms = Math.round(performance.now() - started);
      this.#say(`        ${fault} ${tookEffect ? `was over after ${ms} ms` : "had no effect"}`);
    };
    const done = isExclusive ? this.#database.then(run) : run();
    if (isExclusive) this.#database = done;
    const tracked = done.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  async #until(at: number): Promise<void> {
    while (performance.now() < at && !this.#stop.aborted)
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, at - performance.now())));
  }
}
