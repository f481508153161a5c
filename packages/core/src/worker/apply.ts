import { Actor, type Group } from "../actor/actor.ts";
import { dueAtOf } from "../actor/due.ts";
import { type Address, addressOf, isAdminChannel, senderAddress } from "../address.ts";
import { decode } from "../codec.ts";
import type { Assembled, Placed } from "../commit/assemble.ts";
import type { NewMember, Write } from "../commit/write.ts";
import { type InboxRow, type LogRow, WAKE_ON_MAIL } from "../ports/rows.ts";
import type { Registry } from "../registry.ts";
import type { Traffic } from "../traffic.ts";
import { messageId } from "../turn/message-from.ts";

export interface ApplyHost {
  readonly registry: Registry;
  readonly traffic: Traffic;
  /** The actor may have something to take. */
  wake(actor: Actor): void;
  /** Mail has come for an actor that takes none any more. */
  stray(actor: Actor): void;
  /** A waiting actor can go on. */
  resume(actor: Actor): void;
}

const NONE: readonly never[] = [];

/** Makes memory what the store is now: heads, members, mailboxes. Answers with what has to go to other channels' inboxes. */
export function applyPlaced(assembled: Assembled, host: ApplyHost): readonly InboxRow[] {
  for (const [group, channel] of assembled.channels) {
    group.head = channel.head;
    group.wakeAt = channel.wakeAt;
  }
  let posts: InboxRow[] | undefined;
  for (const placed of assembled.placed) {
    const { write, rows, members, cursor } = placed;
    const { group, actor } = write;
    if (actor !== undefined && write.consumed > 0) {
      actor.mailbox.shift(write.consumed);
      group.work -= write.consumed;
    }
    if (write.members.length > 0 || write.groups.length > 0) applySpawns(placed, host);
    for (const member of members) addMember(group, member, cursor, host);
    for (const message of write.outgoing)
      for (const receiver of message.promisedTo) receiver.mailbox.unpromise(message.body.length);
    if (group.alive) for (const row of rows) deliver(group, row, host);
    if (host.traffic.watched && write.undeliverable !== undefined) noteUndeliverable(write, rows[0], host.traffic);
    if (write.posts.length > 0) {
      posts ??= [];
      for (const post of write.posts) posts.push(post);
    }
    write.applied();
  }
  return posts ?? NONE;
}

function applySpawns({ write, members, groups }: Placed, { traffic }: ApplyHost): void {
  const { group } = write;
  group.reservedMembers -= write.members.length;
  group.run.releaseSpawns(write.members.length + write.groups.length, write.groups.length);
  for (const birth of write.groups) group.childGroups.set(birth.name, birth.agent.name);
  if (!traffic.watched) return;
  for (const member of members) {
    traffic.emit({
      type: "actor_spawned",
      run: group.run.id,
      actor: addressOf(member.name, group.id),
      agent: member.agent.name,
      spawner: member.spawner as Address,
    });
  }
  for (const birth of groups) {
    traffic.emit({
      type: "group_spawned",
      run: group.run.id,
      group: birth.id,
      admin: addressOf(birth.agent.name, birth.id),
      spawner: birth.spawnedBy as Address,
    });
  }
}

function noteUndeliverable({ group, undeliverable }: Write, row: LogRow | undefined, traffic: Traffic): void {
  if (undeliverable === undefined || row === undefined) return;
  const { actor, reason, error } = undeliverable;
  const to = actor.includes("@") ? (actor as Address) : addressOf(actor, group.id);
  const letter = { run: group.run.id, actor: to, message: messageId(row), reason, error: error ?? undefined };
  traffic.emit({ type: "dead_letter", ...letter });
}

function addMember(group: Group, member: NewMember, cursor: number, { registry }: ApplyHost): void {
  const snapshot = {
    name: member.name,
    definition: member.agent.name,
    spawner: member.spawner,
    standing: "active" as const,
    cursor,
    turn: 1,
    progress: null,
    state: member.state,
  };
  group.members.set(member.name, new Actor(group, snapshot, registry.find(member.agent.name)));
}

function deliver(group: Group, row: LogRow, host: ApplyHost): void {
  if (host.traffic.watched) emitAppended(group, row, host.traffic);
  if (row.recipient === null) {
    for (const actor of group.members.values()) if (actor.wants(row)) give(group, actor, row, host);
    return;
  }
  const actor = group.members.get(row.recipient);
  if (actor === undefined) return;
  const re = row.headers?.re;
  if (re === undefined) give(group, actor, row, host);
  else hear(group, actor, re, row, host);
}

function give(group: Group, actor: Actor, row: LogRow, host: ApplyHost): void {
  actor.mailbox.push(row);
  group.work += 1;
  if (actor.standing === "active") host.wake(actor);
  else host.stray(actor);
}

/** A reply becomes the result of the step that asked; one that comes too late is nobody's. */
function hear(group: Group, actor: Actor, re: string, row: LogRow, host: ApplyHost): void {
  if (!re.startsWith(`${actor.turn}/`)) return;
  actor.replies ??= new Map();
  if (actor.replies.has(re)) return;
  actor.replies.set(re, row);
  if (actor.current !== undefined) actor.current.hear(row);
  else if (group.waiting.has(actor) && actor.progress.retryAt === 0) host.resume(actor);
}

function emitAppended(group: Group, row: LogRow, traffic: Traffic): void {
  const from = isAdminChannel(group.id) ? row.sender : senderAddress(row.sender, group.id);
  const body = row.body.length === 0 ? undefined : decode(row.body);
  traffic.emit({
    type: "message_appended",
    run: group.run.id,
    channel: group.id,
    seq: row.seq,
    from,
    to: row.recipient,
    kind: row.kind,
    body,
    at: row.at,
  });
}

/** When a group has something to do next, as memory has it: 0 now, null never. */
export function wakeOf(group: Group): number | null {
  if (group.work === 0) return null;
  let due = WAKE_ON_MAIL;
  let blocked = 0;
  for (const actor of group.waiting) {
    blocked += actor.mailbox.length;
    due = Math.min(due, dueAtOf(actor));
  }
  return group.work > blocked ? 0 : Math.min(due, group.run.deadline);
}
