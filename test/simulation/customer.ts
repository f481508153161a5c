import type { Run } from "@troupe/core";
import type { Opening } from "./cast.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { RunPlan } from "./plan.ts";
import type { World } from "./world.ts";

const PATIENCE_MS = 1_500;

/** Submits one run, by whichever process is there, and again with the same key until one has said yes. */
export class Customer {
  /** Ids that processes have answered with. */
  readonly answers: string[] = [];
  readonly #world: World;
  readonly #plan: RunPlan;
  readonly #dice: Dice;

  constructor(world: World, plan: RunPlan) {
    this.#world = world;
    this.#plan = plan;
    this.#dice = diceOf(world.plan.seed, plan.key);
  }

  get key(): string {
    return this.#plan.key;
  }

  start(): void {
    this.#world.clock.after(this.#plan.at, () => this.#submit());
  }

  #submit(): void {
    const { key, limits, members, groups, fuel, cancelledAfter } = this.#plan;
    const opening: Opening = { members, groups, fuel };
    this.#ask(
      (process) => process.runtime.submit(process.cast.lead as never, opening as never, { key, limits }),
      (run: Run) => {
        this.answers.push(run.id);
        this.#world.said(() => `customer: ${key} is run ${run.id}`);
        if (cancelledAfter !== undefined) this.#world.clock.after(cancelledAfter, () => this.#cancel(run.id));
      },
    );
  }

  #cancel(id: string): void {
    this.#ask(
      async (process) => (await process.runtime.run(id))?.cancel(),
      () => this.#world.said(() => `customer: ${id} was cancelled`),
    );
  }

  /** An answer may never come: then another process is asked. */
  #ask<T>(what: (process: World["usable"][number]) => Promise<T>, then: (answer: T) => void): void {
    const { clock, usable } = this.#world;
    const process = usable[this.#dice.int(0, usable.length - 1)];
    let over = false;
    const again = (ms: number): void => {
      if (over) return;
      over = true;
      clock.after(ms, () => this.#ask(what, then));
    };
    if (process === undefined) return again(100);
    const tooLate = clock.after(PATIENCE_MS, () => again(0));
    what(process).then(
      (answer) => {
        if (over) return;
        over = true;
        tooLate();
        then(answer);
      },
      () => {
        tooLate();
        again(100);
      },
    );
  }
}
