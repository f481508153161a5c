import type { ChannelName } from "../address.ts";
import type { LogRow, StepRow } from "../ports/rows.ts";
import type { ChannelSnapshot, MemberSnapshot } from "../ports/store.ts";
import { firstBeyond, hasMail } from "./channels.ts";
import { copyOf } from "./kept-bytes.ts";
import type { Actor, Channel, MemoryState } from "./state.ts";

export function loadChannels(state: MemoryState, names: readonly ChannelName[]): ChannelSnapshot[] {
  const found = [...new Set(names)].map((name) => state.channelsByName.get(name));
  return found.filter((channel) => channel !== undefined).map(snapshotOf);
}

function snapshotOf(channel: Channel): ChannelSnapshot {
  const members: MemberSnapshot[] = [];
  const readers: Actor[] = [];
  const steps: StepRow[] = [];
  for (const actor of channel.members.values()) {
    const reads = actor.standing === "active" ? hasMail(channel, actor) : actor.lastToIt > actor.cursor;
    if (reads) readers.push(actor);
    members.push(memberOf(actor, reads || actor.progress !== null));
    const inHand = actor.steps?.get(actor.turn);
    if (inHand) steps.push(...inHand.values());
  }
  const { key, name, kind, runId, depth, admin, spawner, head, wakeAt } = channel;
  const shard = channel.shard.index;
  const unread = unreadBy(channel, readers);
  return { key, name, kind, shard, run: runId, depth, admin, spawner, head, wakeAt, members, unread, steps };
}

function memberOf(actor: Actor, withState: boolean): MemberSnapshot {
  const { name, definition, spawner, standing, cursor, turn, progress } = actor;
  return { name, definition, spawner, standing, cursor, turn, progress, state: withState ? copyOf(actor.state) : null };
}

function unreadBy(channel: Channel, readers: readonly Actor[]): LogRow[] {
  const unread: LogRow[] = [];
  if (readers.length === 0) return unread;
  const cursors = new Map(readers.map((actor) => [actor.name, actor.cursor]));
  const lowest = Math.min(...cursors.values());
  const active = readers.filter(({ standing }) => standing === "active");
  const lowestActive = Math.min(...active.map(({ cursor }) => cursor));
  for (let i = firstBeyond(channel.log, lowest); i < channel.log.length; i++) {
    const row = channel.log[i] as LogRow;
    const cursor = row.recipient === null ? lowestActive : cursors.get(row.recipient);
    if (cursor !== undefined && cursor < row.seq) unread.push(row);
  }
  return unread;
}
