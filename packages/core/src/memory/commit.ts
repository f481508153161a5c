import type { RunId } from "../address.ts";
import type { RunCharge } from "../ports/rows.ts";
import type { Commit, CommitOutcome, RunAccount } from "../ports/store.ts";
import { applyRows } from "./commit-apply.ts";
import { checkRows } from "./commit-check.ts";
import { reject } from "./rejected.ts";
import { finish } from "./runs.ts";
import type { MemoryState, Run, Worker } from "./state.ts";

/** All questions first, each able to refuse; then the changes, none of which can fail. */
export function commit(state: MemoryState, commit: Commit): CommitOutcome {
  state.check += 1;
  const worker = state.workers.get(commit.worker);
  if (!worker) return { outcome: "fenced", shards: commit.leases.map((lease) => lease.shard) };
  // Before the leases: that it was applied stays true after a take-over.
  if (commit.number === worker.number && commit.number > 0) {
    return { outcome: "committed", accounts: accountsOf(state, commit) };
  }
  if (commit.number !== worker.number + 1) reject(`commit ${commit.number} follows ${worker.number}`);
  const lost = lostShards(state, worker, commit);
  if (lost.length > 0) return { outcome: "fenced", shards: lost };
  const ended = commit.charges.filter((charge) => state.runs.get(charge.run)?.status !== "running");
  if (ended.length > 0) return { outcome: "ended", runs: ended.map((charge) => charge.run) };
  const over = overLimit(state, commit);
  if (over.length > 0) return { outcome: "over_limit", runs: over };

  const rows = checkRows(state, commit);

  applyRows(state, commit, rows);
  worker.number = commit.number;
  worker.expiresAt = state.clock.monotonic() + commit.leaseMs;
  settleRuns(state, commit);
  return { outcome: "committed", accounts: accountsOf(state, commit) };
}

function lostShards(state: MemoryState, worker: Worker, commit: Commit): number[] {
  const lost: number[] = [];
  for (const lease of commit.leases) {
    const shard = state.shards[lease.shard];
    if (shard?.owner === worker && shard.epoch === lease.epoch) shard.leased = state.check;
    else lost.push(lease.shard);
  }
  return lost;
}

function overLimit(state: MemoryState, commit: Commit): { run: RunId; limit: string }[] {
  const over: { run: RunId; limit: string }[] = [];
  for (const charge of commit.charges) {
    const limit = brokenLimit(state.runs.get(charge.run) as Run, charge);
    if (limit) over.push({ run: charge.run, limit });
  }
  return over;
}

/** Only what the commit adds to can be broken by it. */
function brokenLimit({ spent, row: { limits } }: Run, charge: RunCharge): string | undefined {
  if (charge.turns > 0 && spent.turns + charge.turns > limits.turns) return "turns";
  if (charge.groups > 0 && spent.groups + charge.groups > limits.groups) return "groups";
  if (charge.actors === 0) return undefined;
  if (spent.actors + charge.actors > limits.actorsEver) return "actorsEver";
  if (spent.actorsLiving + charge.actors - charge.stopped > limits.actors) return "actors";
  return undefined;
}

function settleRuns(state: MemoryState, commit: Commit): void {
  for (const charge of commit.charges) {
    const run = state.runs.get(charge.run) as Run;
    const { spent } = run;
    spent.turns += charge.turns;
    spent.messages += charge.messages;
    spent.actors += charge.actors;
    spent.actorsLiving += charge.actors - charge.stopped;
    spent.groups += charge.groups;
    if (charge.end) finish(state, run, charge.end);
    else if (run.awake === 0 && run.waiting === 0)
      finish(state, run, { status: "quiescent", result: null, error: null });
  }
}

function accountsOf(state: MemoryState, commit: Commit): RunAccount[] {
  const accounts: RunAccount[] = [];
  for (const charge of commit.charges) {
    const run = state.runs.get(charge.run);
    if (!run) continue;
    accounts.push({ run: charge.run, spent: { ...run.spent }, quiescent: !charge.end && run.status === "quiescent" });
  }
  return accounts;
}
