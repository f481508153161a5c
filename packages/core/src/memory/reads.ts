import type { ChannelName, GroupId, RunId } from "../address.ts";
import type { ChannelKey, InboxRow, LogRow, RunRow } from "../ports/rows.ts";
import type { ActorSummary, Due, DueChannel, RunInspection, StoredMessage } from "../ports/store.ts";
import { firstBeyond, hasMail } from "./channels.ts";
import { copyOf } from "./kept-bytes.ts";
import { rowOf } from "./runs.ts";
import type { Actor, Channel, MemoryState } from "./state.ts";

export function due(state: MemoryState, shards: readonly number[], before: number, limit: number): Due {
  const channels: DueChannel[] = [];
  const inbox: InboxRow[] = [];
  for (const index of shards) {
    const shard = state.shards[index];
    if (!shard) continue;
    for (const { name, wakeAt } of shard.awake) {
      if (wakeAt !== null && wakeAt <= before) channels.push({ name, shard: index, wakeAt });
    }
    for (const row of shard.inbox.values()) {
      if (inbox.length >= limit) break;
      inbox.push(row);
    }
  }
  channels.sort((one, other) => one.wakeAt - other.wakeAt);
  return { channels: channels.slice(0, limit), inbox };
}

export function loadState(state: MemoryState, key: ChannelKey, name: string): Uint8Array | undefined {
  const actor = state.channels.get(key)?.members.get(name);
  return actor && copyOf(actor.state);
}

export function loadRuns(state: MemoryState, ids: readonly RunId[]): RunRow[] {
  const runs = [...new Set(ids)].map((id) => state.runs.get(id));
  return runs.filter((run) => run !== undefined).map(rowOf);
}

export function listRuns(state: MemoryState, limit: number): RunRow[] {
  const newest = [...state.runs.values()].reverse().sort((one, other) => other.row.createdAt - one.row.createdAt);
  return newest.slice(0, limit).map(rowOf);
}

export function groupsOf(state: MemoryState, id: RunId): GroupId[] {
  return groupChannels(state, id).map((channel) => channel.name);
}

export function history(state: MemoryState, name: ChannelName, limit: number, before = Infinity): StoredMessage[] {
  const log = state.channelsByName.get(name)?.log ?? [];
  const end = before === Infinity ? log.length : firstBeyond(log, before - 1);
  return log.slice(Math.max(0, end - limit), end).map((row) => ({ ...row, channel: name }));
}

export function inspect(state: MemoryState, id: RunId): RunInspection | undefined {
  const run = state.runs.get(id);
  if (!run) return undefined;
  let deadLetters = 0;
  for (const letter of state.deadLetters.values()) if (letter.channel.runId === id) deadLetters += 1;
  const groups = groupChannels(state, id).map((channel) => ({
    id: channel.name,
    depth: channel.depth,
    admin: channel.admin,
    head: channel.head,
    wakeAt: channel.wakeAt,
    members: [...channel.members.values()].map((actor) => summaryOf(channel, actor)),
  }));
  return { run: rowOf(run), groups, deadLetters };
}

function groupChannels(state: MemoryState, id: RunId): Channel[] {
  return [...(state.runs.get(id)?.channels ?? [])].filter((channel) => channel.kind === "group");
}

function summaryOf(channel: Channel, actor: Actor): ActorSummary {
  const { name, definition, standing, turn } = actor;
  return { name, definition, standing, turn, unread: hasMail(channel, actor) ? countUnread(channel, actor) : 0 };
}

function countUnread({ log }: Channel, actor: Actor): number {
  let count = 0;
  for (let i = firstBeyond(log, actor.cursor); i < log.length; i++) {
    const { recipient } = log[i] as LogRow;
    if (recipient === null || recipient === actor.name) count += 1;
  }
  return count;
}
