/** A system to measure. */
export interface Candidate {
  readonly name: string;
  readonly file: string;
  /** What a hop is not, beside one of Troupe's; undefined if it is all that. */
  readonly lacks?: string;
  /** It has to be kept off the network: it would call home, and has no setting against it. */
  readonly isApart?: boolean;
}

export const TROUPE = "troupe";

/** What users would pick instead, in the order in which they are measured. */
export const DURABLE: readonly Candidate[] = [
  { name: TROUPE, file: "durable/troupe.ts" },
  { name: "graphile-worker", file: "durable/graphile-worker.ts", lacks: "no state" },
  { name: "pg-boss", file: "durable/pg-boss.ts", lacks: "no state" },
  { name: "pg-boss-with-state", file: "durable/pg-boss-with-state.ts" },
  { name: "dbos", file: "durable/dbos.ts" },
  { name: "dbos-steps", file: "durable/dbos-steps.ts", lacks: "no message" },
  { name: "langgraph", file: "durable/langgraph.ts", lacks: "no message" },
  { name: "restate", file: "durable/restate.ts", isApart: true },
];

/** Actors in memory that nothing is kept of. */
export const IN_MEMORY: readonly Candidate[] = [
  { name: TROUPE, file: "in-memory/troupe.ts" },
  { name: "xstate", file: "in-memory/xstate.ts" },
  { name: "nact", file: "in-memory/nact.ts" },
];
