import { setTimeout as wait } from "node:timers/promises";
import type { Measured, StartDurable, System } from "./system.ts";

/** How long what a handler did last may still be on its way to the database. */
const REST_MS = 50;
/** How long the slowest may take to get going, and how long beyond a round's time to be measured. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 5;

/**
 * What every hop of a peer goes through: counted, timed, and held between rounds, so that one system rests while another
 * is measured.
 */
export class Valve implements System {
  readonly #tokens: number;
  #opening = Promise.withResolvers<void>();
  #quiet = Promise.withResolvers<void>();
  #isOpen = false;
  #underway = 0;
  #hops = 0;
  #hopAt: number[] = [];

  constructor(tokens: number) {
    this.#tokens = tokens;
  }

  /** Lets so many hops through at once, now or in the next round. */
  async hop<Result>(work: () => Promise<Result> | Result, hops = 1): Promise<Result> {
    while (!this.#isOpen) await this.#opening.promise;
    this.#hops += hops;
    this.#hopAt.push(performance.now());
    this.#underway += 1;
    try {
      return await work();
    } finally {
      this.#underway -= 1;
      if (this.#underway === 0) this.#quiet.resolve();
    }
  }

  /**
   * Opens for so long, or until as many hops are counted as there are tokens: many tokens that set off together come in waves,
   * and a part of a wave says nothing. Not counted is a start in which each token has gone on once.
   */
  async round(ms: number): Promise<Measured> {
    this.#isOpen = true;
    this.#opening.resolve();
    await this.#until(Math.min(ms / 5, 200), this.#hops + 2 * this.#tokens);
    const before = this.#hops;
    this.#hopAt = [];
    const started = performance.now();
    await this.#until(ms, before + this.#tokens);
    const measured = { ms: performance.now() - started, hops: this.#hops - before, gaps: gapsOf(this.#hopAt) };
    await this.#close();
    return measured;
  }

  async #until(ms: number, hops: number): Promise<void> {
    await wait(ms);
    const latest = performance.now() + PATIENCE_MS;
    while (this.#hops < hops && performance.now() < latest) await wait(LOOK_MS);
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    this.#opening = Promise.withResolvers();
    this.#quiet = Promise.withResolvers();
    if (this.#underway > 0) await this.#quiet.promise;
    await wait(REST_MS);
  }
}

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((at, place) => at - (times[place] ?? at));
}

/** A system that has no means to rest: each of its hops goes through a valve. */
export function behindValve(start: (url: string, active: number, valve: Valve) => Promise<void>): StartDurable {
  return async (url, active) => {
    const valve = new Valve(active);
    await start(url, active, valve);
    return valve;
  };
}
