import type { Actor, Group } from "../actor/actor.ts";
import { dueAtOf } from "../actor/due.ts";
import type { RunId } from "../address.ts";
import {
  type ActorRow,
  type ActorWrite,
  type ChannelWrite,
  type DeadLetterRow,
  type GroupRow,
  type InboxKey,
  type InboxRow,
  type LogRow,
  type RunCharge,
  type RunEnd,
  type StepRow,
  type TurnRow,
  WAKE_ON_MAIL,
  type WorkerId,
} from "../ports/rows.ts";
import type { Commit } from "../ports/store.ts";
import type { NewGroup, NewMember, Write } from "./write.ts";

/** What a write became: its messages with their seqs, and the spawns that were not there already. */
export interface Placed {
  readonly write: Write;
  readonly rows: readonly LogRow[];
  readonly members: readonly NewMember[];
  readonly groups: readonly NewGroup[];
  /** Seq of the newest message that new members have no part in. */
  readonly cursor: number;
}

export interface Assembled {
  readonly commit: Commit;
  readonly placed: readonly Placed[];
  readonly channels: ReadonlyMap<Group, ChannelWrite>;
}

export interface AssembleContext {
  readonly worker: WorkerId;
  readonly number: number;
  readonly leaseMs: number;
  /** Epochs of the shards this worker owns. */
  readonly epochs: ReadonlyMap<number, number>;
}

interface Draft {
  head: number;
  consumed: number;
  delivered: number;
  names: Set<string> | undefined;
}

interface Charge {
  turns: number;
  messages: number;
  actors: number;
  groups: number;
  stopped: number;
  end: RunEnd | null;
}

const NONE: readonly never[] = [];

/** Puts writes together to one commit: gives seqs in the order in which they settled, and drops spawns of what exists. */
export function assemble(writes: readonly Write[], context: AssembleContext): Assembled {
  const drafts = new Map<Group, Draft>();
  const charges = new Map<RunId, Charge>();
  const newGroups = new Set<string>();
  const log: LogRow[] = [];
  const actors = new Map<Actor | Write, ActorWrite>();
  const turns: TurnRow[] = [];
  const steps: StepRow[] = [];
  const groups: GroupRow[] = [];
  const spawned: ActorRow[] = [];
  const posted: InboxRow[] = [];
  const admitted: InboxKey[] = [];
  const deadLetters: DeadLetterRow[] = [];
  const placed: Placed[] = [];

  for (const write of writes) {
    const { group } = write;
    const draft = draftOf(drafts, group);
    const charge = chargeOf(charges, group.run.id);
    const members =
      write.members.length === 0 ? NONE : write.members.filter((member) => isNewMember(group, draft, member));
    const births =
      write.groups.length === 0 ? NONE : write.groups.filter((birth) => isNewGroup(group, newGroups, birth));
    for (const member of members) spawned.push(actorRow(group.id, member, draft.head));
    for (const birth of births) {
      groups.push({
        id: birth.id,
        shard: birth.shard,
        run: group.run.id,
        depth: birth.depth,
        admin: birth.agent.name,
        spawner: birth.spawner,
      });
      spawned.push(
        actorRow(
          birth.id,
          { name: birth.agent.name, agent: birth.agent, spawner: birth.spawnedBy, state: birth.state },
          0,
        ),
      );
    }
    const cursor = draft.head;
    const rows = write.outgoing.length === 0 ? NONE : write.outgoing.map((message) => place(message, group, draft));
    for (const row of rows) log.push(row);
    draft.consumed += write.consumed;
    for (const post of write.posts) posted.push(post);
    for (const step of write.steps) steps.push(step);
    for (const letter of write.deadLetters) deadLetters.push(letter);
    const first = rows[0];
    if (write.undeliverable !== undefined && first !== undefined) {
      const { actor, reason, error } = write.undeliverable;
      deadLetters.push({ channel: first.channel, seq: first.seq, actor, reason, attempts: 0, error, at: first.at });
    }
    if (write.actorRow !== undefined) mergeActor(actors, write, write.actorRow);
    if (write.turnRow !== undefined) turns.push(write.turnRow);
    if (write.admitted !== undefined) admitted.push(write.admitted);
    charge.turns += write.turns;
    charge.messages += rows.length;
    charge.actors += members.length + births.length;
    charge.groups += births.length;
    charge.stopped += write.stopped;
    charge.end ??= write.end ?? null;
    placed.push({ write, rows, members, groups: births, cursor });
  }

  const channels = new Map<Group, ChannelWrite>();
  for (const [group, draft] of drafts) {
    const wakeAt = wakeAfter(group, draft);
    if (draft.head !== group.head || wakeAt !== group.wakeAt)
      channels.set(group, { channel: group.key, head: draft.head, wakeAt });
  }
  const commit: Commit = {
    worker: context.worker,
    number: context.number,
    leaseMs: context.leaseMs,
    leases: leasesOf(drafts, admitted, context.epochs),
    log,
    actors: [...actors.values()],
    channels: [...channels.values()],
    turns,
    steps,
    groups,
    spawned,
    posted,
    admitted,
    deadLetters,
    charges: [...charges].map(([run, charge]): RunCharge => ({ run, ...charge })),
  };
  return { commit, placed, channels };
}

function draftOf(drafts: Map<Group, Draft>, group: Group): Draft {
  let draft = drafts.get(group);
  if (draft === undefined) {
    draft = { head: group.head, consumed: 0, delivered: 0, names: undefined };
    drafts.set(group, draft);
  }
  return draft;
}

function chargeOf(charges: Map<RunId, Charge>, run: RunId): Charge {
  let charge = charges.get(run);
  if (charge === undefined) {
    charge = { turns: 0, messages: 0, actors: 0, groups: 0, stopped: 0, end: null };
    charges.set(run, charge);
  }
  return charge;
}

function place(message: Write["outgoing"][number], group: Group, draft: Draft): LogRow {
  draft.head += 1;
  draft.delivered += 1;
  const { sender, recipient, kind, body, cause, at, headers } = message;
  return { channel: group.key, seq: draft.head, sender, recipient, kind, body, cause, at, headers };
}

function isNewMember(group: Group, draft: Draft, member: NewMember): boolean {
  if (group.members.has(member.name) || draft.names?.has(member.name) === true) return false;
  draft.names ??= new Set();
  draft.names.add(member.name);
  return true;
}

function isNewGroup(group: Group, seen: Set<string>, birth: NewGroup): boolean {
  if (group.childGroups.has(birth.name) || seen.has(birth.id)) return false;
  seen.add(birth.id);
  return true;
}

function actorRow(group: string, member: Omit<NewMember, "mailbox">, cursor: number): ActorRow {
  return {
    group,
    name: member.name,
    definition: member.agent.name,
    spawner: member.spawner,
    cursor,
    state: member.state,
  };
}

/** Several writes of one actor (a park, then the end of its turn) are one row: the later one, with the newest state. */
function mergeActor(actors: Map<Actor | Write, ActorWrite>, write: Write, row: ActorWrite): void {
  const key = write.actor ?? write;
  const earlier = actors.get(key);
  actors.set(key, earlier === undefined || row.state !== null ? row : { ...row, state: earlier.state });
}

/**
 * When the group will have something to do, were this commit applied. Errs towards "now": after the commit the worker
 * compares with what is, and corrects. Null has to be right, for a run whose groups all say null is over.
 */
function wakeAfter(group: Group, draft: Draft): number | null {
  if (group.kind === "admin") return null;
  const work = group.work - draft.consumed + draft.delivered;
  if (work <= 0) return null;
  if (draft.delivered > 0 || group.waiting.size === 0) return 0;
  let blocked = 0;
  let due = WAKE_ON_MAIL;
  for (const actor of group.waiting) {
    blocked += actor.mailbox.length;
    due = Math.min(due, dueAtOf(actor));
  }
  return work > blocked ? 0 : Math.min(due, group.run.deadline);
}

function leasesOf(
  drafts: ReadonlyMap<Group, Draft>,
  admitted: readonly InboxKey[],
  epochs: ReadonlyMap<number, number>,
): Commit["leases"] {
  const shards = new Set<number>();
  for (const group of drafts.keys()) shards.add(group.shard);
  for (const { shard } of admitted) shards.add(shard);
  return [...shards].map((shard) => ({ shard, epoch: epochs.get(shard) ?? -1 }));
}
