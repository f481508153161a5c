import { adminChannelOf, type RunId } from "../address.ts";
import type { InboxRow, RunEnd, RunRow } from "../ports/rows.ts";
import type { Submission } from "../ports/store.ts";
import { addChannel, addMember, newActor, newChannel, setWakeAt } from "./channels.ts";
import { emptyInbox, putInInbox } from "./inbox.ts";
import { copyBytes } from "./kept-bytes.ts";
import { reject } from "./rejected.ts";
import type { Channel, MemoryState, Run, Shard } from "./state.ts";

export function submit(state: MemoryState, submission: Submission): { run: RunRow; created: boolean } {
  const { run: row } = submission;
  const known = knownRun(state, row);
  if (known) return { run: rowOf(known), created: false };
  const shard = checkSubmission(state, submission);
  const run = createRun(state, submission, shard);
  putInInbox(state, submission.first);
  return { run: rowOf(run), created: true };
}

/** Ends a running run and leaves an ended one as it is. */
export function endRun(state: MemoryState, id: RunId, end: RunEnd): RunRow | undefined {
  const run = state.runs.get(id);
  if (!run) return undefined;
  if (run.status === "running") finish(state, run, end);
  return rowOf(run);
}

export function finish(state: MemoryState, run: Run, end: RunEnd): void {
  run.status = end.status;
  run.result = end.result === null ? null : copyBytes(end.result);
  run.error = end.error;
  run.endedAt = state.clock.now();
  if (run.awake > 0) for (const channel of run.channels) setWakeAt(run, channel, null);
  emptyInbox(state, run);
  run.admitted.clear();
}

export function rowOf(run: Run): RunRow {
  return {
    ...run.row,
    status: run.status,
    spent: { ...run.spent },
    result: run.result,
    error: run.error,
    resumed: run.resumed,
    endedAt: run.endedAt,
  };
}

/** By tenant and key, or by id: without a key, a repeated submission is known by the run it wants to create. */
function knownRun(state: MemoryState, row: RunRow): Run | undefined {
  const byKey = row.key === null ? undefined : state.runsByKey.get(row.tenant)?.get(row.key);
  return byKey ?? state.runs.get(row.id);
}

function checkSubmission(state: MemoryState, { run, root, actor, first }: Submission): Shard {
  const shard = state.shards[root.shard];
  if (!shard) reject(`there is no shard ${root.shard}`);
  const mine = (row: InboxRow) => row.run === run.id && state.shards[row.shard] !== undefined;
  if (root.id !== run.id || root.run !== run.id || actor.group !== run.id || !mine(first)) {
    reject(`the rows of this submission are not all of run ${run.id}`);
  }
  return shard;
}

function createRun(state: MemoryState, { run: row, root: group, actor }: Submission, shard: Shard): Run {
  const described = { shard, runId: row.id, spawner: group.spawner } as const;
  const root: Channel = newChannel({
    ...described,
    key: state.nextKey++,
    name: group.id,
    kind: "group",
    depth: group.depth,
    admin: group.admin,
  });
  const adminName = adminChannelOf(row.id);
  const admin = newChannel({ ...described, key: state.nextKey++, name: adminName, kind: "admin", depth: 0, admin: "" });
  const run: Run = {
    row: { ...row, input: copyBytes(row.input) },
    status: row.status,
    result: row.result,
    error: row.error,
    endedAt: row.endedAt,
    resumed: row.resumed,
    spent: { ...row.spent },
    root,
    channels: new Set(),
    awake: 0,
    waiting: 0,
    admitted: new Map(),
  };
  addRun(state, run);
  addChannel(state, run, root);
  addChannel(state, run, admin);
  addMember(root, newActor(actor));
  return run;
}

function addRun(state: MemoryState, run: Run): void {
  const { id, tenant, key } = run.row;
  state.runs.set(id, run);
  if (key === null) return;
  const keys = state.runsByKey.get(tenant);
  if (keys) keys.set(key, run);
  else state.runsByKey.set(tenant, new Map([[key, run]]));
}
