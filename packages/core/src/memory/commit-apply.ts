import type { ActorWrite, ChannelWrite, LogRow, StepRow, TurnRow } from "../ports/rows.ts";
import type { Commit } from "../ports/store.ts";
import { addChannel, addMember, append, firstBeyond, setWakeAt } from "./channels.ts";
import type { CheckedRows } from "./commit-check.ts";
import { admit, putInInbox } from "./inbox.ts";
import { copyBytes, overwrite } from "./kept-bytes.ts";
import type { Actor, Channel, MemoryState, Run } from "./state.ts";
import { trim } from "./sweep.ts";

/** Carries out what the check allowed. Members come before messages: a row to a new member is its mail. */
export function applyRows(state: MemoryState, commit: Commit, checked: CheckedRows): void {
  addSpawned(state, checked);
  const { log, actors, turns, steps } = commit;
  for (let i = 0; i < log.length; i++) append(checked.logChannels[i] as Channel, log[i] as LogRow);
  for (let i = 0; i < actors.length; i++) writeActor(checked.actors[i] as Actor, actors[i] as ActorWrite);
  for (let i = 0; i < turns.length; i++) addTurn(state, checked.turnActors[i] as Actor, turns[i] as TurnRow);
  for (let i = 0; i < steps.length; i++) addStep(checked.stepActors[i] as Actor, steps[i] as StepRow, state.keep);
  addDeadLetters(state, commit);
  writeChannels(state, commit.channels, checked.channels);
  const at = state.clock.now();
  for (const row of checked.admitted) admit(state, row, at);
  for (const row of commit.posted) putInInbox(state, row);
}

function addSpawned(state: MemoryState, { groups, spawned }: CheckedRows): void {
  for (const channel of groups) addChannel(state, state.runs.get(channel.runId) as Run, channel);
  state.nextKey += groups.length;
  for (const { channel, actor } of spawned) addMember(channel, actor);
}

function writeActor(actor: Actor, write: ActorWrite): void {
  actor.standing = write.standing;
  actor.cursor = write.cursor;
  actor.turn = write.turn;
  actor.progress = write.progress === null ? null : copyBytes(write.progress);
  if (write.state !== null) overwrite(actor.state, write.state);
}

function addTurn(state: MemoryState, actor: Actor, row: TurnRow): void {
  actor.lastTurn = row.turn;
  actor.lastAttempt = row.attempt;
  (state.channels.get(row.channel) as Channel).turns.push(row);
}

/** Turns come in order, so the first one here is the oldest, and long closed. */
function addStep(actor: Actor, row: StepRow, keep: number): void {
  actor.steps ??= new Map();
  let ofTurn = actor.steps.get(row.turn);
  if (!ofTurn) {
    ofTurn = new Map();
    actor.steps.set(row.turn, ofTurn);
    if (actor.steps.size > keep) actor.steps.delete(actor.steps.keys().next().value as number);
  }
  ofTurn.set(row.key, { ...row, record: copyBytes(row.record) });
}

function writeChannels(state: MemoryState, writes: readonly ChannelWrite[], channels: readonly Channel[]): void {
  for (let i = 0; i < writes.length; i++) {
    const write = writes[i] as ChannelWrite;
    const channel = channels[i] as Channel;
    channel.head = write.head;
    setWakeAt(state.runs.get(channel.runId) as Run, channel, write.wakeAt);
    // Last, for a dead letter needs the message that its turn has just consumed.
    trim(channel, state.keep);
  }
}

/** The letter holds its message, so a sweep of the log cannot take it away. */
function addDeadLetters(state: MemoryState, { deadLetters }: Commit): void {
  for (const row of deadLetters) {
    const channel = state.channels.get(row.channel) as Channel;
    const message = channel.log[firstBeyond(channel.log, row.seq - 1)] as LogRow;
    state.deadLetters.set(`${row.channel}:${row.seq}:${row.actor}`, { row, message, channel });
  }
}
