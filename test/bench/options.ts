import { parseArgs } from "node:util";

/** What can be measured, in the order in which it is. */
const PARTS = ["postgres", "embedded", "memory", "idle"] as const;
type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  readonly json: boolean;
  /** A smoke run: everything once and shortly. Its figures mean nothing. */
  readonly quick: boolean;
  /** Active actors. */
  readonly sizes: Readonly<Record<"postgres" | "embedded" | "memory", readonly number[]>>;
  readonly rounds: number;
  readonly roundMs: number;
  readonly idleActors: number;
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
  const { json, quick } = values;
  return {
    parts: values.only === undefined ? PARTS : values.only.split(",").map(partOf),
    json,
    quick,
    sizes: sizesOf(values.sizes, quick),
    rounds: Number(values.rounds ?? (quick ? 1 : 5)),
    roundMs: Number(values["round-ms"] ?? (quick ? 50 : 1_000)),
    idleActors: quick ? 200 : 100_000,
    profile: values.profile,
  };
}

function sizesOf(given: string | undefined, quick: boolean): BenchOptions["sizes"] {
  const sizes = given?.split(",").map(Number);
  if (sizes !== undefined) return { postgres: sizes, embedded: sizes, memory: sizes };
  // To make two folders of PGlite takes longer than all the rest.
  if (quick) return { postgres: [1, 16], embedded: [], memory: [16] };
  return { postgres: [1, 16, 64, 256, 2_048], embedded: [64, 256], memory: [256, 2_048] };
}

function partOf(name: string): Part {
  const part = PARTS.find((known) => known === name);
  if (part === undefined) throw new Error(`no part is called ${name}; there are ${PARTS.join(", ")}`);
  return part;
}
