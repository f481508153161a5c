import { decode, encode } from "../codec.ts";
import type { Receipt } from "../refusal.ts";

/** What an actor has to remember besides its state and cursor; stored packed, null when it is all empty. */
export interface Progress {
  /** Tries of the turn in hand that have failed. */
  readonly failed: number;
  /** Milliseconds since 1970; the turn is not tried again before. */
  readonly retryAt: number;
  /** Workers that died during the turn in hand. */
  readonly crashes: number;
  /** Actors and groups spawned so far. */
  readonly children: number;
  /** The groups among them, by name, with the agent of their admin. */
  readonly groups: Readonly<Record<string, string>>;
  /** When the actor was restarted. */
  readonly restartedAt: readonly number[];
  /** The turn in hand, once something of it has been committed. */
  readonly open: OpenTurn | undefined;
}

/** The part of a turn that is durable before its end: the messages it took, and what left with its parks. */
interface OpenTurn {
  /** How many messages the turn took, from the head of the mailbox. */
  readonly messages: number;
  /** Every send and spawn up to the last park, in order: a replay does not repeat them. */
  readonly released: readonly ReleasedOp[];
  /** Keys of the questions and timers it waited for when it last parked; those before them are past. */
  readonly waits: readonly string[];
}

export interface ReleasedOp {
  /** What it was, to notice a replay that does something else. */
  readonly op: string;
  /** What the behaviour was told. */
  readonly receipt: Receipt;
}

export const NO_PROGRESS: Progress = {
  failed: 0,
  retryAt: 0,
  crashes: 0,
  children: 0,
  groups: {},
  restartedAt: [],
  open: undefined,
};

export function encodeProgress(progress: Progress): Uint8Array | null {
  return isEmpty(progress) ? null : encode(progress);
}

function isEmpty(progress: Progress): boolean {
  return (
    progress === NO_PROGRESS ||
    (progress.failed === 0 &&
      progress.crashes === 0 &&
      progress.children === 0 &&
      progress.restartedAt.length === 0 &&
      progress.open === undefined)
  );
}

export function decodeProgress(bytes: Uint8Array | null): Progress {
  return bytes === null ? NO_PROGRESS : (decode(bytes) as Progress);
}
