import type { LogRow } from "../ports/rows.ts";
import type { Swept } from "../ports/store.ts";
import type { Actor, Channel, MemoryState, Run } from "./state.ts";

export function sweep(state: MemoryState, before: number, limit: number): Swept {
  const runs = sweepRuns(state, before, limit);
  let messages = 0;
  let turns = 0;
  let steps = 0;
  for (const channel of state.channels.values()) {
    messages += sweepMessages(channel, before, limit - messages);
    turns += sweepTurns(channel, before, limit - turns);
    for (const actor of channel.members.values()) steps += sweepSteps(actor, before, limit - steps);
  }
  for (const run of state.runs.values()) forgetAdmitted(run, before);
  return { messages, turns, steps, runs };
}

function sweepRuns(state: MemoryState, before: number, limit: number): number {
  let count = 0;
  for (const run of state.runs.values()) {
    if (count >= limit) break;
    if (run.endedAt === null || run.endedAt >= before) continue;
    removeRun(state, run);
    count += 1;
  }
  return count;
}

function removeRun(state: MemoryState, run: Run): void {
  const { id, tenant, key } = run.row;
  for (const [letterId, letter] of state.deadLetters) {
    if (letter.channel.runId === id) state.deadLetters.delete(letterId);
  }
  for (const channel of run.channels) {
    state.channels.delete(channel.key);
    state.channelsByName.delete(channel.name);
  }
  state.runs.delete(id);
  const keys = state.runsByKey.get(tenant);
  if (key !== null) keys?.delete(key);
  if (keys?.size === 0) state.runsByKey.delete(tenant);
}

/**
 * Forgets the oldest consumed messages and turns of a channel that has grown by as much as it is to keep. Where much is unread
 * the log stays long, so growth is what counts: else each commit would read all of it again.
 */
export function trim(channel: Channel, keep: number): void {
  if (channel.turns.length >= 2 * keep) channel.turns.splice(0, channel.turns.length - keep);
  if (channel.log.length < Math.max(channel.trimAt, 2 * keep)) return;
  const lowest = lowestCursor(channel);
  const excess = channel.log.length - keep;
  channel.log = channel.log.filter((row, place) => place >= excess || isNeeded(channel, lowest, row));
  channel.trimAt = channel.log.length + keep;
}

function lowestCursor(channel: Channel): number {
  let lowest = Infinity;
  for (const actor of channel.members.values())
    if (actor.standing !== "stopped") lowest = Math.min(lowest, actor.cursor);
  return lowest;
}

function sweepMessages(channel: Channel, before: number, limit: number): number {
  const first = channel.log[0];
  if (limit <= 0 || first === undefined || first.at >= before) return 0;
  const lowest = lowestCursor(channel);
  return removeOld(
    channel.log,
    limit,
    (row) => row.at < before,
    (row) => !isNeeded(channel, lowest, row),
  );
}

/** Mail to a member that has stopped has not been handled: it is on its way to be a dead letter. */
function isNeeded(channel: Channel, lowest: number, row: LogRow): boolean {
  if (row.recipient === null) return row.seq > lowest;
  const actor = channel.members.get(row.recipient);
  return actor !== undefined && row.seq > actor.cursor;
}

function sweepTurns({ turns, members }: Channel, before: number, limit: number): number {
  const isClosed = (row: { actor: string; turn: number }) => row.turn < (members.get(row.actor)?.turn ?? Infinity);
  return removeOld(turns, limit, (row) => row.startedAt < before, isClosed);
}

function sweepSteps(actor: Actor, before: number, limit: number): number {
  if (!actor.steps || limit <= 0) return 0;
  let count = 0;
  for (const [turn, steps] of actor.steps) {
    if (turn >= actor.turn) continue;
    for (const step of steps.values()) {
      if (count >= limit || step.at >= before) break;
      steps.delete(step.key);
      count += 1;
    }
    if (steps.size === 0) actor.steps.delete(turn);
  }
  if (actor.steps.size === 0) actor.steps = undefined;
  return count;
}

/** Keys come in the order of their admission. */
function forgetAdmitted(run: Run, before: number): void {
  for (const [key, at] of run.admitted) {
    if (at >= before) return;
    run.admitted.delete(key);
  }
}

/** Rows lie in about the order of their age, so the first young one ends the search; what is needed is stepped over. */
function removeOld<Row>(
  rows: Row[],
  limit: number,
  isOld: (row: Row) => boolean,
  isFree: (row: Row) => boolean,
): number {
  let kept = 0;
  let read = 0;
  while (read < rows.length && read - kept < limit && isOld(rows[read] as Row)) {
    const row = rows[read] as Row;
    read += 1;
    if (!isFree(row)) rows[kept++] = row;
  }
  if (read > kept) rows.splice(kept, read - kept);
  return read - kept;
}
