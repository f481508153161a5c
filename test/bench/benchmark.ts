import type { Lab } from "./lab.ts";

/** What was set as a goal, and what came of it. */
export interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly found: string;
  readonly reached: boolean;
}

/** One thing that is measured: how, and what is told of it. */
export interface Benchmark<Found> {
  /** What `--only` and the JSON call it. */
  readonly name: string;
  measure(lab: Lab): Promise<Found>;
  /** The findings for people. */
  lines(found: Found): readonly string[];
  /** The aims of which something was measured. */
  aims(found: Found): readonly Aim[];
}

export interface Outcome {
  readonly name: string;
  readonly found: unknown;
  readonly lines: readonly string[];
  readonly aims: readonly Aim[];
}

/** A benchmark of which nobody has to know what it finds. */
export interface Runnable {
  readonly name: string;
  run(lab: Lab): Promise<Outcome>;
}

export function benchmark<Found>({ name, measure, lines, aims }: Benchmark<Found>): Runnable {
  return {
    name,
    async run(lab) {
      const found = await measure(lab);
      return { name, found, lines: lines(found), aims: aims(found) };
    },
  };
}

/** An aim for a ratio or an amount that has to be so much at least. */
export function atLeast(what: string, bound: number, found: number, show: Show = twoDigits): Aim {
  return { what, aim: `≥ ${show(bound)}`, found: show(found), reached: found >= bound };
}

/** An aim for one that has to be so much at most. */
export function atMost(what: string, bound: number, found: number, show: Show = twoDigits): Aim {
  return { what, aim: `≤ ${show(bound)}`, found: show(found), reached: found <= bound };
}

type Show = (value: number) => string;

function twoDigits(value: number): string {
  return value.toFixed(2);
}
