import type { ChannelName, GroupId, RunId } from "../address.ts";
import type { Limits } from "../supervisor/limits.ts";

/** The store's own number for a channel; fixed for the channel's life. */
export type ChannelKey = number;
export type WorkerId = string;

/** The right to write to a shard: valid while the store holds the same epoch and owner for it, also past the end of the owner's lease. */
export interface Lease {
  readonly shard: number;
  readonly epoch: number;
}

/** Where an actor stands, apart from its turns. */
export const STANDINGS = ["active", "paused", "stopped", "quarantined"] as const;
export type Standing = (typeof STANDINGS)[number];

/** How a run is, and how it ended. */
export const RUN_STATUSES = ["running", "finished", "quiescent", "failed", "cancelled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** How a turn ended. `dead` is a turn that failed for the last time. */
export const TURN_OUTCOMES = ["done", "failed", "dead"] as const;
export type TurnOutcome = (typeof TURN_OUTCOMES)[number];

/** What few messages carry; stored packed, null when all are absent. */
export interface Headers {
  /** `turn/key` of the asker's parked step that a reply must name. */
  readonly ask?: string;
  /** On a reply: the `ask` it answers. */
  readonly re?: string;
  /** On a reply: the question was not answered, and why. */
  readonly failed?: string;
  /** Bare bounces so far between the same two actors. */
  readonly hops?: number;
  /** Milliseconds since 1970, after which the message is not worth handling. */
  readonly expiresAt?: number;
}

/** One row of a channel's log. Insert-only; `seq` has no gaps. */
export interface LogRow {
  readonly channel: ChannelKey;
  readonly seq: number;
  /** A member's name, or a full address when it comes from outside the group. */
  readonly sender: string;
  /** A member's name (on the admin channel: a full address); null is everyone. */
  readonly recipient: string | null;
  readonly kind: string;
  /** msgpack */
  readonly body: Uint8Array;
  /** Id (`channel:seq`) of the message whose turn sent this one; null from outside. */
  readonly cause: string | null;
  readonly at: number;
  readonly headers: Headers | null;
}

/** What is written of an actor with each of its turns. */
export interface ActorWrite {
  readonly channel: ChannelKey;
  readonly name: string;
  readonly standing: Standing;
  /** Seq of the last message consumed. */
  readonly cursor: number;
  /** Number of the turn in hand, or of the next one. */
  readonly turn: number;
  /** msgpack of Progress; null when there is nothing to tell. */
  readonly progress: Uint8Array | null;
  /** msgpack; null leaves the stored state as it is. */
  readonly state: Uint8Array | null;
}

/** A new actor. Inserted once; the same name again is an error of the runtime. */
export interface ActorRow {
  /** The group's name, for the group may be new as well. */
  readonly group: GroupId;
  readonly name: string;
  readonly definition: string;
  readonly spawner: string | null;
  /** Members number their cursor from here: mail up to it is not theirs. */
  readonly cursor: number;
  readonly state: Uint8Array;
}

/** A new group. */
export interface GroupRow {
  readonly id: GroupId;
  readonly shard: number;
  readonly run: RunId;
  readonly depth: number;
  readonly admin: string;
  /** Who may write to its admin besides other admins; null for a root group. */
  readonly spawner: string | null;
}

/** `wakeAt`: when the group has something to do next: 0 now, null never, WAKE_ON_MAIL when only mail can move it. */
export interface ChannelWrite {
  readonly channel: ChannelKey;
  readonly head: number;
  readonly wakeAt: number | null;
}

/** A parked turn without deadline: the group is not at rest, yet has nothing to do. */
export const WAKE_ON_MAIL = Number.MAX_SAFE_INTEGER;

/** The audit: one row an attempt. */
export interface TurnRow {
  readonly channel: ChannelKey;
  readonly actor: string;
  readonly turn: number;
  readonly attempt: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly startedAt: number;
  readonly ms: number;
  readonly outcome: TurnOutcome;
  readonly error: string | null;
}

/** A remembered effect of a turn. Key unique within the turn; never overwritten. */
export interface StepRow {
  readonly channel: ChannelKey;
  readonly actor: string;
  readonly turn: number;
  readonly key: string;
  /** msgpack of StepRecord. */
  readonly record: Uint8Array;
  readonly at: number;
}

/** Mail on its way into a channel from outside its shard's owner. Deleted when admitted. */
export interface InboxRow {
  readonly shard: number;
  /** Unique within the shard, also over time; the same key again is the same mail. */
  readonly key: string;
  readonly run: RunId;
  /** A group, or the run's admin channel. */
  readonly channel: ChannelName;
  /** Full address, or OUTSIDE. */
  readonly sender: string;
  /** A member's name (admin channel: a full address); null is the group's admin (admin channel: everyone). */
  readonly recipient: string | null;
  readonly kind: string;
  readonly body: Uint8Array;
  readonly cause: string | null;
  readonly at: number;
  readonly headers: Headers | null;
}

export interface InboxKey {
  readonly shard: number;
  readonly key: string;
}

/** What a commit adds to a run's account, and whether it ends the run. */
export interface RunCharge {
  readonly run: RunId;
  readonly turns: number;
  readonly messages: number;
  /** Actors and groups spawned: they count as living and as ever. */
  readonly actors: number;
  readonly groups: number;
  /** Actors stopped for good; subtracted from the living. */
  readonly stopped: number;
  readonly end: RunEnd | null;
}

export interface RunEnd {
  readonly status: Exclude<RunStatus, "running">;
  /** msgpack of the result; null without one. */
  readonly result: Uint8Array | null;
  readonly error: string | null;
}

export interface DeadLetterRow {
  readonly channel: ChannelKey;
  readonly seq: number;
  readonly actor: string;
  readonly reason: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly at: number;
}

/** What a run has used of its limits. */
export interface Spent {
  readonly turns: number;
  readonly messages: number;
  readonly actors: number;
  readonly actorsLiving: number;
  /** Groups are never taken apart before their run ends, so living and ever are one number. */
  readonly groups: number;
  readonly modelCalls: number;
  readonly tokens: number;
  /** Micro-dollars. */
  readonly cost: number;
}

export interface RunRow {
  readonly id: RunId;
  readonly tenant: string;
  readonly key: string | null;
  readonly definition: string;
  readonly deployment: string;
  readonly status: RunStatus;
  readonly limits: Limits;
  readonly spent: Spent;
  readonly input: Uint8Array;
  readonly result: Uint8Array | null;
  readonly error: string | null;
  /** How often a worker took the run up again after another had it. */
  readonly resumed: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

export interface DeadLetter extends DeadLetterRow {
  /** `channel:seq:actor`, for replay. */
  readonly id: string;
  readonly group: GroupId;
  readonly sender: string;
  readonly kind: string;
  readonly body: Uint8Array;
}
