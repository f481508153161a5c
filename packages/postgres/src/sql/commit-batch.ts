import type { Commit, CommitOutcome, RunId } from "@troupe/core";
import { pack } from "../column.ts";
import type { Value } from "../database.ts";
import { RAISED, raisedDetail, sqlState } from "../store-error.ts";
import type { AccountColumns } from "./account.ts";
import { COMMIT_TABLES } from "./commit-tables.ts";
import type { Statement } from "./statement.ts";

const columns = Object.values(COMMIT_TABLES).reduce((count, table) => count + table.length, 0);
const parameters = Array.from({ length: 4 + columns }, (_, index) => `$${index + 1}`);

/** Locks: see `0002-commit.sql`. Never prepared by name, so that it passes through any transaction pooler. */
export const COMMIT_BATCH: Statement<AccountColumns> = {
  text: `select * from troupe.commit_batch(${parameters.join(", ")})`,
};

/** The parameters of `commit_batch`, in its order. */
export function commitValues(commit: Commit): Value[] {
  return [
    commit.worker,
    commit.number,
    commit.leaseMs,
    flawOf(commit),
    ...pack(COMMIT_TABLES.leases, commit.leases),
    // Runs are locked in the order in which they are charged: one order for all workers.
    ...pack(
      COMMIT_TABLES.charges,
      commit.charges.toSorted((a, b) => (a.run < b.run ? -1 : 1)),
    ),
    ...pack(COMMIT_TABLES.groups, commit.groups),
    ...pack(COMMIT_TABLES.spawned, commit.spawned),
    ...pack(COMMIT_TABLES.log, commit.log),
    ...pack(COMMIT_TABLES.actors, commit.actors),
    ...pack(COMMIT_TABLES.channels, commit.channels),
    ...pack(COMMIT_TABLES.turns, commit.turns),
    ...pack(COMMIT_TABLES.steps, commit.steps),
    ...pack(COMMIT_TABLES.deadLetters, commit.deadLetters),
    ...pack(COMMIT_TABLES.posted, commit.posted),
    ...pack(COMMIT_TABLES.admitted, commit.admitted),
  ];
}

/**
 * What is wrong with the rows and can be told without a look at the store; raised once nothing else stands in the way.
 * The function looks up the channels that are written, and not once more those of the messages.
 */
function flawOf({ channels, log }: Commit): string | null {
  const written = new Set(channels.map((write) => write.channel));
  const stray = log.find((row) => !written.has(row.channel));
  return stray ? `message ${stray.seq} is of channel ${stray.channel}, which is not written` : null;
}

/** What `commit_batch` refused without a trace; undefined for any other error. */
export function refusal(error: unknown): CommitOutcome | undefined {
  switch (sqlState(error)) {
    case RAISED.fenced:
      return { outcome: "fenced", shards: raisedDetail(error) as number[] };
    case RAISED.ended:
      return { outcome: "ended", runs: raisedDetail(error) as RunId[] };
    case RAISED.overLimit:
      return { outcome: "over_limit", runs: raisedDetail(error) as { run: RunId; limit: string }[] };
    default:
      return undefined;
  }
}
