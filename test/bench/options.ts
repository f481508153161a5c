import { parseArgs } from "node:util";

/** What was asked for; what is undefined, each benchmark decides for itself. */
export interface BenchOptions {
  /** Names of benchmarks. */
  readonly only: readonly string[] | undefined;
  readonly json: boolean;
  /** A smoke run: everything once and shortly. Its figures mean nothing. */
  readonly quick: boolean;
  readonly sizes: readonly number[] | undefined;
  readonly rounds: number | undefined;
  readonly roundMs: number | undefined;
  /** A folder for CPU profiles of the runtime. */
  readonly profile: string | undefined;
}

export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: args.filter((word) => word !== "--"),
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      sizes: { type: "string" },
      rounds: { type: "string" },
      "round-ms": { type: "string" },
      profile: { type: "string" },
    },
  });
  return {
    only: values.only?.split(","),
    json: values.json,
    quick: values.quick,
    sizes: values.sizes?.split(",").map(numberOf),
    rounds: values.rounds === undefined ? undefined : numberOf(values.rounds),
    roundMs: values["round-ms"] === undefined ? undefined : numberOf(values["round-ms"]),
    profile: values.profile,
  };
}

function numberOf(word: string): number {
  const number = Number(word);
  if (!(number > 0)) throw new Error(`${word} is not a number above 0`);
  return number;
}
