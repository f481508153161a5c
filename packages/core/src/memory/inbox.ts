import type { InboxRow } from "../ports/rows.ts";
import { copyBytes } from "./kept-bytes.ts";
import { reject } from "./rejected.ts";
import type { MemoryState, Run } from "./state.ts";

export function post(state: MemoryState, rows: readonly InboxRow[]): void {
  checkPosted(state, rows);
  for (const row of rows) putInInbox(state, row);
}

export function checkPosted(state: MemoryState, rows: readonly InboxRow[]): void {
  for (const row of rows) {
    if (state.shards[row.shard] === undefined) reject(`there is no shard ${row.shard}`);
  }
}

/** Ignores what is known already, waiting or admitted, and mail to a run that is over: nobody would ever take it out. */
export function putInInbox(state: MemoryState, row: InboxRow): void {
  const run = state.runs.get(row.run);
  const inbox = state.shards[row.shard]?.inbox;
  if (!inbox || run?.status !== "running" || inbox.has(row.key) || run.admitted.has(admittedKey(row))) return;
  inbox.set(row.key, { ...row, body: copyBytes(row.body) });
  run.waiting += 1;
}

export function admit(state: MemoryState, row: InboxRow, at: number): void {
  state.shards[row.shard]?.inbox.delete(row.key);
  const run = state.runs.get(row.run);
  if (!run) return;
  run.waiting -= 1;
  run.admitted.set(admittedKey(row), at);
}

export function emptyInbox(state: MemoryState, run: Run): void {
  if (run.waiting === 0) return;
  for (const { inbox } of state.shards) {
    for (const row of inbox.values()) if (row.run === run.row.id) inbox.delete(row.key);
  }
  run.waiting = 0;
}

function admittedKey(row: InboxRow): string {
  return `${row.shard} ${row.key}`;
}
