import { setTimeout as wait } from "node:timers/promises";
import type { Measured, StartDurable, System } from "./system.ts";

/** How long what a handler did last may still be on its way to the database. */
const REST_MS = 50;

/**
 * What every hop of a peer goes through: counted, timed, and held between rounds, so that one system rests while another
 * is measured.
 */
export class Valve implements System {
  #opening = Promise.withResolvers<void>();
  #quiet = Promise.withResolvers<void>();
  #isOpen = false;
  #underway = 0;
  #hops = 0;
  #hopAt: number[] = [];

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

  /** Opens for so long, after a start that is not counted. */
  async round(ms: number): Promise<Measured> {
    this.#isOpen = true;
    this.#opening.resolve();
    await wait(Math.min(ms / 5, 200));
    const before = this.#hops;
    this.#hopAt = [];
    const started = performance.now();
    await wait(ms);
    const measured = { ms: performance.now() - started, hops: this.#hops - before, gaps: gapsOf(this.#hopAt) };
    await this.#close();
    return measured;
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
    const valve = new Valve();
    await start(url, active, valve);
    return valve;
  };
}
