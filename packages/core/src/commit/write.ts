import type { Actor, Group } from "../actor/actor.ts";
import type { InMailbox } from "../actor/in-mailbox.ts";
import type { GroupId } from "../address.ts";
import type { Agent } from "../agent.ts";
import type {
  ActorWrite,
  DeadLetterRow,
  Headers,
  InboxKey,
  InboxRow,
  RunEnd,
  StepRow,
  TurnRow,
} from "../ports/rows.ts";

/** A message for the group's own log that has no seq yet. */
export interface Outgoing {
  readonly sender: string;
  readonly recipient: string | null;
  readonly kind: string;
  readonly body: Uint8Array;
  readonly cause: string | null;
  readonly at: number;
  readonly headers: Headers | null;
  /** Whose mailboxes have room set aside for it. */
  readonly promisedTo: readonly Receiver[];
}

/** An actor of the group, or one that is born with the same write. */
export interface Receiver {
  readonly name: string;
  readonly agent: Agent | undefined;
  readonly mailbox: InMailbox;
}

/** A new member of the writing group. */
export interface NewMember {
  readonly name: string;
  readonly agent: Agent;
  readonly spawner: string;
  readonly state: Uint8Array;
  /** Knows what has been promised to it before it is born. */
  readonly mailbox: InMailbox;
}

/** A new group below the writing group; its admin is named like its agent. */
export interface NewGroup {
  readonly id: GroupId;
  readonly name: string;
  readonly shard: number;
  readonly depth: number;
  readonly agent: Agent;
  readonly spawnedBy: string;
  /** Null where the spawner is an admin: admins reach each other anyway. */
  readonly spawner: string | null;
  readonly state: Uint8Array;
}

/** Why mail from outside is a dead letter; its row is the write's first. */
export interface Undeliverable {
  readonly actor: string;
  readonly reason: string;
  readonly error: string | null;
}

export type WriteRefusal =
  | { readonly why: "fenced" }
  | { readonly why: "ended" }
  | { readonly why: "over_limit"; readonly limit: string }
  | { readonly why: "rejected"; readonly error: unknown };

const NONE: readonly never[] = [];

/**
 * What one turn, step, park or admission adds to a commit; taken or refused as a whole.
 * A class with defaults, since most writes use few of the fields.
 */
export class Write {
  readonly group: Group;
  readonly actor: Actor | undefined;
  outgoing: readonly Outgoing[] = NONE;
  posts: readonly InboxRow[] = NONE;
  members: readonly NewMember[] = NONE;
  groups: readonly NewGroup[] = NONE;
  steps: readonly StepRow[] = NONE;
  deadLetters: readonly DeadLetterRow[] = NONE;
  actorRow: ActorWrite | undefined = undefined;
  turnRow: TurnRow | undefined = undefined;
  admitted: InboxKey | undefined = undefined;
  undeliverable: Undeliverable | undefined = undefined;
  /** The turn it is part of, where it may be refused with it. */
  turn: object | undefined = undefined;
  /** Messages of the actor's mailbox that are consumed with it. */
  consumed = 0;
  /** Turns charged to the run. */
  turns = 0;
  /** Actors that are stopped with it. */
  stopped = 0;
  end: RunEnd | undefined = undefined;
  /** After the commit, when messages have been delivered. */
  applied: () => void = nothing;
  /** Nothing of it happened. */
  refused: (refusal: WriteRefusal) => void = nothing;

  /** Takes back in memory what was taken for granted; called before `refused`. */
  undo: () => void = nothing;

  constructor(group: Group, actor?: Actor) {
    this.group = group;
    this.actor = actor;
  }
}

function nothing(): void {}

/** Bytes that a write brings to a commit, roughly. */
export function sizeOf(write: Write): number {
  let bytes = 512 + (write.actorRow?.state?.length ?? 0);
  for (const message of write.outgoing) bytes += message.body.length;
  for (const post of write.posts) bytes += post.body.length;
  for (const step of write.steps) bytes += step.record.length;
  for (const member of write.members) bytes += member.state.length;
  return bytes;
}

/** Gives back the room and the reservations that were set aside for what will not happen. */
export function giveBack({ group, outgoing, members, groups }: Write): void {
  for (const message of outgoing)
    for (const receiver of message.promisedTo) receiver.mailbox.unpromise(message.body.length);
  group.reservedMembers -= members.length;
  group.run.releaseSpawns(members.length + groups.length, groups.length);
}
