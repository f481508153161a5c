import type { ChannelName, RunId } from "../address.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  ChannelKey,
  DeadLetterRow,
  InboxRow,
  LogRow,
  RunRow,
  RunStatus,
  Spent,
  Standing,
  StepRow,
  TurnRow,
  WorkerId,
} from "../ports/rows.ts";
import type { KeptBytes } from "./kept-bytes.ts";

/** Everything a memory store holds. The functions around it are the only ones that change it. */
export interface MemoryState {
  readonly clock: Clock;
  readonly shards: readonly Shard[];
  readonly workers: Map<WorkerId, Worker>;
  /** In the order they were submitted. */
  readonly runs: Map<RunId, Run>;
  /** tenant → key → run */
  readonly runsByKey: Map<string, Map<string, Run>>;
  readonly channels: Map<ChannelKey, Channel>;
  readonly channelsByName: Map<ChannelName, Channel>;
  readonly deadLetters: Map<string, StoredDeadLetter>;
  /** Consumed messages, and turns, that a channel keeps. */
  readonly keep: number;
  nextKey: ChannelKey;
  /** Number of the commit being checked; what carries it was seen by that check. */
  check: number;
  closed: boolean;
}

export interface Worker {
  readonly id: WorkerId;
  readonly deployment: string;
  /** By the monotonic clock. */
  expiresAt: number;
  /** Number of its last applied commit. */
  number: number;
}

export interface Shard {
  readonly index: number;
  epoch: number;
  owner: Worker | null;
  readonly awake: Set<Channel>;
  /** Mail not yet admitted, in the order it was posted. */
  readonly inbox: Map<string, InboxRow>;
  /** The check that saw a valid lease for it. */
  leased: number;
}

export interface Run {
  readonly row: RunRow;
  status: RunStatus;
  result: Uint8Array | null;
  error: string | null;
  endedAt: number | null;
  resumed: number;
  readonly spent: { -readonly [Name in keyof Spent]: Spent[Name] };
  readonly root: Channel;
  readonly channels: Set<Channel>;
  /** Channels with a wakeAt. */
  awake: number;
  /** Rows in inboxes. */
  waiting: number;
  /** Keys of admitted mail and when it was admitted, so that a repeated post is known. */
  readonly admitted: Map<string, number>;
}

export interface Channel {
  readonly key: ChannelKey;
  readonly name: ChannelName;
  readonly kind: "group" | "admin";
  readonly shard: Shard;
  readonly runId: RunId;
  readonly depth: number;
  readonly admin: string;
  readonly spawner: string | null;
  readonly members: Map<string, Actor>;
  head: number;
  wakeAt: number | null;
  /** By seq; with gaps once a sweep has been by. */
  log: LogRow[];
  lastSeq: number;
  /** How long the log has to get before consumed rows are forgotten again. */
  trimAt: number;
  /** Seq of the last row to everyone. */
  lastToAll: number;
  turns: TurnRow[];
  /** The check that is reading it, and the last seq as that check sees it. */
  checked: number;
  checkedSeq: number;
}

export interface Actor {
  readonly name: string;
  readonly definition: string;
  readonly spawner: string | null;
  standing: Standing;
  cursor: number;
  turn: number;
  progress: Uint8Array | null;
  readonly state: KeptBytes;
  /** Seq of the last row to it alone: tells whether it has mail without reading the log. */
  lastToIt: number;
  /** turn → key → step; undefined for the many that never took one. */
  steps: Map<number, Map<string, StepRow>> | undefined;
  lastTurn: number;
  lastAttempt: number;
  /** The check that is reading its turns, and the last of them as that check sees it. */
  checked: number;
  checkedTurn: number;
  checkedAttempt: number;
}

export interface StoredDeadLetter {
  readonly row: DeadLetterRow;
  readonly message: LogRow;
  readonly channel: Channel;
}

export function emptyState(clock: Clock, shards: number, keep: number): MemoryState {
  return {
    clock,
    keep,
    shards: Array.from({ length: shards }, (_, index) => ({
      index,
      epoch: 0,
      owner: null,
      awake: new Set(),
      inbox: new Map(),
      leased: 0,
    })),
    workers: new Map(),
    runs: new Map(),
    runsByKey: new Map(),
    channels: new Map(),
    channelsByName: new Map(),
    deadLetters: new Map(),
    nextKey: 1,
    check: 0,
    closed: false,
  };
}
