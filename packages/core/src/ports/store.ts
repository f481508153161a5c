import type { ChannelName, GroupId, RunId } from "../address.ts";
import type {
  ActorRow,
  ActorWrite,
  ChannelKey,
  ChannelWrite,
  DeadLetter,
  DeadLetterRow,
  GroupRow,
  InboxKey,
  InboxRow,
  Lease,
  LogRow,
  RunCharge,
  RunEnd,
  RunRow,
  Spent,
  Standing,
  StepRow,
  TurnRow,
  WorkerId,
} from "./rows.ts";

/** Everything that takes effect together: the turns, steps and admissions that settled while the last commit was under way. */
export interface Commit {
  readonly worker: WorkerId;
  /** Grows by one with every commit of this worker that was applied, from 1. The same number again is the same commit. */
  readonly number: number;
  /** Renews the worker's heartbeat as well. */
  readonly leaseMs: number;
  /** Every shard that this commit writes to. */
  readonly leases: readonly Lease[];
  /** The rows of one channel by seq, the first one after the channel's last. */
  readonly log: readonly LogRow[];
  /** Each actor at most once; one that existed before this commit. */
  readonly actors: readonly ActorWrite[];
  /** Each channel at most once; every channel that `log` has rows for. */
  readonly channels: readonly ChannelWrite[];
  /** The rows of one actor by turn and attempt. */
  readonly turns: readonly TurnRow[];
  readonly steps: readonly StepRow[];
  /** In any shard: the store gives each its key, and its `wakeAt` is null. */
  readonly groups: readonly GroupRow[];
  readonly spawned: readonly ActorRow[];
  /** To any shard; what `post` would ignore is ignored here too. */
  readonly posted: readonly InboxRow[];
  readonly admitted: readonly InboxKey[];
  readonly deadLetters: readonly DeadLetterRow[];
  /** One for every run that this commit touches, each run once. */
  readonly charges: readonly RunCharge[];
}

/** A run's account after the commit. */
export interface RunAccount {
  readonly run: RunId;
  readonly spent: Spent;
  /** True when this commit left the run with nothing to do and so ended it as `quiescent`. */
  readonly quiescent: boolean;
}

/**
 * `committed`: applied, now or by an earlier attempt with the same number (also if its shards have been taken over since);
 * the accounts are as they stand now.
 * The others applied nothing: `fenced` names shards that are no longer ours (all of them if the worker itself is gone),
 * `ended` the charged runs that are over or unknown, `over_limit` the runs whose caps this commit would break
 * (`turns`, `groups`, `actorsEver`, or `actors` for the living). Asked in this order; rows are looked at last.
 */
export type CommitOutcome =
  | { readonly outcome: "committed"; readonly accounts: readonly RunAccount[] }
  | { readonly outcome: "fenced"; readonly shards: readonly number[] }
  | { readonly outcome: "ended"; readonly runs: readonly RunId[] }
  | { readonly outcome: "over_limit"; readonly runs: readonly { readonly run: RunId; readonly limit: string }[] };

export interface StoredMessage extends Omit<LogRow, "channel"> {
  readonly channel: ChannelName;
}

export interface MemberSnapshot {
  readonly name: string;
  readonly definition: string;
  readonly spawner: string | null;
  readonly standing: Standing;
  readonly cursor: number;
  readonly turn: number;
  readonly progress: Uint8Array | null;
  /** Present where the member has rows in `unread` or an open turn (progress); else null, to be had by `loadState`. */
  readonly state: Uint8Array | null;
}

/** A channel with all that is pending in it. */
export interface ChannelSnapshot {
  readonly key: ChannelKey;
  readonly name: ChannelName;
  readonly kind: "group" | "admin";
  readonly shard: number;
  readonly run: RunId;
  readonly depth: number;
  /** Name of the admin; empty for an admin channel. */
  readonly admin: string;
  readonly spawner: string | null;
  readonly head: number;
  readonly wakeAt: number | null;
  readonly members: readonly MemberSnapshot[];
  /** Rows beyond the cursor of some member that are to it, and of some active member that are to everyone (its own too), by seq; each row once. */
  readonly unread: readonly LogRow[];
  /** Steps of the members' turns in hand (`member.turn`). */
  readonly steps: readonly StepRow[];
}

export interface DueChannel {
  readonly name: ChannelName;
  readonly shard: number;
  readonly wakeAt: number;
}

export interface Due {
  readonly channels: readonly DueChannel[];
  /** In the order that each sender posted them. */
  readonly inbox: readonly InboxRow[];
}

/** A new run: its root group, its admin channel, its root actor and the root's first message, all or nothing. */
export interface Submission {
  readonly run: RunRow;
  readonly root: GroupRow;
  readonly actor: ActorRow;
  readonly first: InboxRow;
}

export interface Heartbeat {
  /** Workers whose lease runs, this one included. */
  readonly live: number;
  /** What the store says this worker owns. */
  readonly leases: readonly Lease[];
}

/** What a sweep took away. */
export interface Swept {
  readonly messages: number;
  readonly turns: number;
  readonly steps: number;
  readonly runs: number;
}

export interface ActorSummary {
  readonly name: string;
  readonly definition: string;
  readonly standing: Standing;
  readonly turn: number;
  /** Rows beyond its cursor to it or to everyone, whatever its standing. */
  readonly unread: number;
}

/** For people: how a run stands. */
export interface RunInspection {
  readonly run: RunRow;
  readonly groups: readonly {
    readonly id: GroupId;
    readonly depth: number;
    readonly admin: string;
    readonly head: number;
    readonly wakeAt: number | null;
    readonly members: readonly ActorSummary[];
  }[];
  readonly deadLetters: number;
}

/**
 * Where mailboxes live. Every method is atomic, and rejects with `store_unavailable` when the store does not
 * answer (the outcome is then unknown, and the call may be repeated as it was), with `store_closed` after `close`.
 * Leases are judged by the store's own clock.
 */
export interface Store {
  /** For messages to people: never holds a password. */
  readonly label: string;
  /** How many shards there are; fixed when the store was created. */
  readonly shards: number;

  /** Announces a worker. Its first commit has number 1. Joining again only renews. */
  join(worker: WorkerId, deployment: string, leaseMs: number): Promise<void>;
  /**
   * Renews the heartbeat; undefined if the worker is not known (any more): it owns nothing.
   * A worker whose lease has run out is known for as long as it owns a shard that nobody took.
   */
  renew(worker: WorkerId, leaseMs: number): Promise<Heartbeat | undefined>;
  /**
   * Takes up to `limit` shards that nobody owns or whose owner's lease has run out; each gets `epoch + 1`.
   * Waits for a commit of the old owner that is under way; after it returns, none of the old owner's commits is applied.
   * Takes nothing for a worker that is not known, or whose own lease has run out.
   * Adds one to `resumed` of the running runs that have taken a turn and whose root group is in one of these shards.
   */
  claim(worker: WorkerId, limit: number): Promise<readonly Lease[]>;
  /** Gives shards back: from then on the worker is fenced there. It has no commit under way. Shards of others are left alone. */
  release(worker: WorkerId, shards: readonly number[]): Promise<void>;
  /** Gives everything back and forgets the worker. */
  leave(worker: WorkerId): Promise<void>;

  /**
   * Applies a commit as a whole, or not at all. Rejects with `commit_rejected` when it can never be applied as it is
   * (a value the store cannot hold, a row that exists, a row of a channel or actor that does not, admitted mail that is not
   * in the inbox, a number that is neither the last nor the next); its number is then not used up.
   * A charged run at rest after it (no channel with a wakeAt, no inbox row) and still running ends as `quiescent`.
   */
  commit(commit: Commit): Promise<CommitOutcome>;

  /** Up to `limit` channels of these shards with `wakeAt` at or before `before` (milliseconds), soonest first, and up to `limit` of the shards' inbox rows. */
  due(shards: readonly number[], before: number, limit: number): Promise<Due>;
  /** Snapshots of those that exist, in any order; only groups have members. */
  loadChannels(names: readonly ChannelName[]): Promise<readonly ChannelSnapshot[]>;
  /** The stored state of one actor; undefined if there is no such actor. */
  loadState(channel: ChannelKey, name: string): Promise<Uint8Array | undefined>;
  loadRuns(runs: readonly RunId[]): Promise<readonly RunRow[]>;
  groupsOf(run: RunId): Promise<readonly GroupId[]>;
  /** The last `limit` rows of a channel with seq below `before` (default: the newest), by seq; empty if it does not exist. */
  history(channel: ChannelName, limit: number, before?: number): Promise<readonly StoredMessage[]>;

  /** Creates the run, or answers with the one that has the same tenant and key, or (a repeat without a key) the same id. */
  submit(submission: Submission): Promise<{ readonly run: RunRow; readonly created: boolean }>;
  /**
   * Mail from outside. Ignored are rows of a run that is not running, and rows whose key is known: it waits in the inbox,
   * or was admitted since the time that the last `sweep` went back to.
   */
  post(rows: readonly InboxRow[]): Promise<void>;
  /** Ends a running run, leaves an ended one as it is, and answers with the run as it then is. Its channels are at rest and its inbox is empty. */
  endRun(run: RunId, end: RunEnd): Promise<RunRow | undefined>;

  /** The newest, newest first. */
  listRuns(limit: number): Promise<readonly RunRow[]>;
  inspect(run: RunId): Promise<RunInspection | undefined>;
  /** Of one run or of all; the newest, newest first. Their messages stay readable, also after a sweep. */
  deadLetters(run: RunId | undefined, limit: number): Promise<readonly DeadLetter[]>;
  /**
   * Posts the letter to its actor once more (from its sender, without headers) and takes it off the list; false if there is
   * none, or its run has ended. A run that only came to rest (`quiescent`) is running again.
   */
  replay(deadLetter: string): Promise<boolean>;

  /**
   * Removes up to `limit` rows of each sort that are older than `before` (milliseconds) and not needed: consumed messages
   * (none lies beyond the cursor of a member it is to, or, if it is to everyone, of a member that has not stopped), closed turns and their steps (below the actor's `turn`),
   * ended runs with all that is theirs. The rows that go with a run are not counted.
   */
  sweep(before: number, limit: number): Promise<Swept>;
  close(): Promise<void>;
}
