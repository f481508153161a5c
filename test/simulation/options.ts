import { parseArgs } from "node:util";

export interface SimulateOptions {
  /** The first one; those after it follow by one. */
  readonly seed: number;
  /** How many worlds; Infinity where the time is what ends it. */
  readonly seeds: number;
  readonly minutes: number;
  readonly trace: boolean;
  readonly processes: number;
  readonly untilFailure: boolean;
  /** A planted bug to be found. */
  readonly mutant: string | undefined;
}

export const USAGE = `pnpm simulate [--seeds N | --minutes M] [--seed S] [--trace]

  --seeds N         live N worlds (default 1,000; with --seed alone 1)
  --minutes M       as many as fit into M minutes
  --seed S          the first of them (default: by chance); the same seed is the same world
  --trace           print what happens in the world, or in the first one that goes wrong
  --processes P     (default 2)
  --until-failure   stop at the first world that goes wrong
  --mutant NAME     with a planted bug; see test/simulation/mutants/mutants.ts`;

const MAX_SEED = 2 ** 48;

/** Throws an Error that says what would be right. */
export function readOptions(args: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: args.filter((word) => word !== "--"),
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      minutes: { type: "string" },
      trace: { type: "boolean", default: false },
      processes: { type: "string", default: "2" },
      "until-failure": { type: "boolean", default: false },
      mutant: { type: "string" },
    },
  });
  const seeds = values.seeds ?? (values.minutes !== undefined ? undefined : values.seed !== undefined ? "1" : "1000");
  return {
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e9) : whole("--seed", values.seed),
    seeds: seeds === undefined ? Infinity : whole("--seeds", seeds),
    minutes: values.minutes === undefined ? Infinity : positive("--minutes", values.minutes),
    trace: values.trace,
    processes: whole("--processes", values.processes),
    untilFailure: values["until-failure"],
    mutant: values.mutant,
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > MAX_SEED)
    throw new Error(`${name} ${text}: a whole number from 1 is needed`);
  return value;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} ${text}: a number above 0 is needed`);
  return value;
}
