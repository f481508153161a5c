import type { Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Bugs of a store. */
export const STORE_MUTANTS: readonly Mutant[] = [
  {
    name: "no-fence",
    file: `${CORE}/memory/commit.ts`,
    edits: [{ find: "else lost.push(lease.shard);", put: "else if (shard) shard.leased = state.check;" }],
  },
  {
    name: "one-heartbeat-renews-all-workers",
    file: `${CORE}/memory/leases.ts`,
    edits: [
      {
        find: "let live = 0;",
        put: "let live = 0; for (const other of state.workers.values()) other.expiresAt = now + leaseMs;",
      },
    ],
  },
  {
    name: "a-repeated-commit-is-applied-again",
    file: `${CORE}/memory/commit.ts`,
    edits: [
      {
        find: "if (commit.number === worker.number && commit.number > 0) {",
        put: "if (commit.number === worker.number && commit.number > 0) worker.number -= 1;\n  if (commit.number < 0) {",
      },
    ],
  },
  {
    name: "a-run-rests-though-mail-waits-for-it",
    file: `${CORE}/memory/commit.ts`,
    edits: [{ find: "else if (run.awake === 0 && run.waiting === 0)", put: "else if (run.awake === 0)" }],
  },
  {
    name: "a-sweep-takes-what-an-actor-has-not-read",
    file: `${CORE}/memory/sweep.ts`,
    edits: [{ find: "return actor !== undefined && row.seq > actor.cursor;", put: "return false;" }],
  },
];
