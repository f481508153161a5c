import type { ActorRow, ActorWrite, ChannelKey, GroupRow, InboxRow, LogRow, StepRow, TurnRow } from "../ports/rows.ts";
import type { Commit } from "../ports/store.ts";
import { firstBeyond, newActor, newChannel } from "./channels.ts";
import { checkPosted } from "./inbox.ts";
import { reject } from "./rejected.ts";
import type { Actor, Channel, MemoryState } from "./state.ts";

/** What the check looked up, so that the apply need not do so again; each list runs beside the commit's own. */
export interface CheckedRows {
  readonly logChannels: readonly Channel[];
  readonly actors: readonly Actor[];
  readonly turnActors: readonly Actor[];
  readonly stepActors: readonly Actor[];
  readonly channels: readonly Channel[];
  readonly groups: readonly Channel[];
  readonly spawned: readonly { readonly channel: Channel; readonly actor: Actor }[];
  readonly admitted: readonly InboxRow[];
}

/** Throws `commit_rejected` for the first row that does not fit. Changes nothing that anyone can read. */
export function checkRows(state: MemoryState, commit: Commit): CheckedRows {
  const { log, actors, turns, steps, channels } = commit;
  const logChannels = new Array<Channel>(log.length);
  for (let i = 0; i < log.length; i++) logChannels[i] = checkLog(state, log[i] as LogRow);
  const written = new Array<Actor>(actors.length);
  for (let i = 0; i < actors.length; i++)
    written[i] = memberOf(state, actors[i] as ActorWrite, (actors[i] as ActorWrite).name);
  const turnActors = new Array<Actor>(turns.length);
  for (let i = 0; i < turns.length; i++) turnActors[i] = checkTurn(state, turns[i] as TurnRow);
  const stepActors = new Array<Actor>(steps.length);
  const stepNames = new Set<string>();
  for (let i = 0; i < steps.length; i++) stepActors[i] = checkStep(state, steps[i] as StepRow, stepNames);
  checkDeadLetters(state, commit);
  checkPosted(state, commit.posted);
  const groups = newGroups(state, commit.groups);
  return {
    logChannels,
    actors: written,
    turnActors,
    stepActors,
    channels: channels.map((write) => leasedChannel(state, write.channel)),
    groups,
    spawned: newMembers(state, commit.spawned, groups),
    admitted: admittedRows(state, commit),
  };
}

function leasedChannel(state: MemoryState, key: ChannelKey): Channel {
  const channel = state.channels.get(key);
  if (!channel) reject(`there is no channel ${key}`);
  if (channel.shard.leased !== state.check) reject(`channel ${channel.name} is in a shard without a lease here`);
  return channel;
}

function memberOf(state: MemoryState, row: { readonly channel: ChannelKey }, name: string): Actor {
  const channel = leasedChannel(state, row.channel);
  return channel.members.get(name) ?? reject(`there is no actor ${name} in ${channel.name}`);
}

function checkLog(state: MemoryState, row: LogRow): Channel {
  const channel = leasedChannel(state, row.channel);
  const last = channel.checked === state.check ? channel.checkedSeq : channel.lastSeq;
  if (row.seq !== last + 1) reject(`message ${row.seq} of ${channel.name} follows ${last}`);
  channel.checked = state.check;
  channel.checkedSeq = row.seq;
  return channel;
}

/** An actor's turns come in order, so its last one tells a new row from one that exists. */
function checkTurn(state: MemoryState, row: TurnRow): Actor {
  const actor = memberOf(state, row, row.actor);
  const seen = actor.checked === state.check;
  const turn = seen ? actor.checkedTurn : actor.lastTurn;
  const attempt = seen ? actor.checkedAttempt : actor.lastAttempt;
  if (row.turn < turn || (row.turn === turn && row.attempt <= attempt)) {
    reject(`turn ${row.turn}, attempt ${row.attempt} of ${row.actor} follows turn ${turn}, attempt ${attempt}`);
  }
  actor.checked = state.check;
  actor.checkedTurn = row.turn;
  actor.checkedAttempt = row.attempt;
  return actor;
}

function checkStep(state: MemoryState, row: StepRow, names: Set<string>): Actor {
  const actor = memberOf(state, row, row.actor);
  const name = `${row.channel} ${row.actor} ${row.turn} ${row.key}`;
  if (actor.steps?.get(row.turn)?.has(row.key) || names.has(name))
    reject(`step ${row.key} of turn ${row.turn} of ${row.actor} exists`);
  names.add(name);
  return actor;
}

function checkDeadLetters(state: MemoryState, { deadLetters, log }: Commit): void {
  const ids = new Set<string>();
  for (const row of deadLetters) {
    const { log: stored } = leasedChannel(state, row.channel);
    const found = stored[firstBeyond(stored, row.seq - 1)]?.seq === row.seq;
    const isThis = (message: LogRow) => message.seq === row.seq && message.channel === row.channel;
    const id = `${row.channel}:${row.seq}:${row.actor}`;
    if (!found && !log.some(isThis)) reject(`there is no message for the dead letter ${id}`);
    if (state.deadLetters.has(id) || ids.has(id)) reject(`the dead letter ${id} exists`);
    ids.add(id);
  }
}

function newGroups(state: MemoryState, rows: readonly GroupRow[]): Channel[] {
  const names = new Set<string>();
  return rows.map((row, index) => {
    const shard = state.shards[row.shard];
    if (!shard) reject(`there is no shard ${row.shard}`);
    if (state.runs.get(row.run)?.status !== "running") reject(`there is no running run ${row.run}`);
    if (state.channelsByName.has(row.id) || names.has(row.id)) reject(`the group ${row.id} exists`);
    names.add(row.id);
    return newChannel({
      key: state.nextKey + index,
      name: row.id,
      kind: "group",
      shard,
      runId: row.run,
      depth: row.depth,
      admin: row.admin,
      spawner: row.spawner,
    });
  });
}

function newMembers(state: MemoryState, rows: readonly ActorRow[], groups: readonly Channel[]) {
  if (rows.length === 0) return [];
  const byName = new Map(groups.map((group) => [group.name, group]));
  const names = new Set<string>();
  return rows.map((row) => {
    const channel = byName.get(row.group) ?? state.channelsByName.get(row.group);
    if (channel?.kind !== "group") reject(`there is no group ${row.group}`);
    const name = `${row.name}@${row.group}`;
    if (channel.members.has(row.name) || names.has(name)) reject(`the actor ${name} exists`);
    names.add(name);
    return { channel, actor: newActor(row) };
  });
}

function admittedRows(state: MemoryState, { admitted }: Commit): InboxRow[] {
  const rows = new Set<InboxRow>();
  for (const { shard: index, key } of admitted) {
    const shard = state.shards[index];
    if (shard?.leased !== state.check) reject(`shard ${index} has no lease here`);
    const row = shard.inbox.get(key);
    if (!row || rows.has(row)) reject(`there is no mail ${key} in the inbox of shard ${index}`);
    rows.add(row);
  }
  return [...rows];
}
