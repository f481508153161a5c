import type { Limits, RunStatus, Spent, Standing, TurnOutcome } from "@troupe/core";
import type { Stamp, Tally } from "./stamps.ts";

// What is left of one run when all is over: read from the tables of a database, or from the commits of a simulated one.
// Plain values, so that the checks need neither.

export interface RunHistory {
  readonly run: {
    readonly id: string;
    readonly status: RunStatus;
    readonly limits: Limits;
    readonly spent: Spent;
  };
  readonly channels: readonly ChannelHistory[];
  readonly actors: readonly ActorHistory[];
  /** Of each channel by seq. */
  readonly messages: readonly MessageHistory[];
  /** Of each actor by turn and attempt. */
  readonly turns: readonly TurnHistory[];
  readonly deadLetters: readonly DeadLetterHistory[];
  /** Mail that no group has let in. */
  readonly waiting: number;
  /** What the run's agents say of themselves, by address. An agent that is left out is checked by the rows alone. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** A group, or the run's admin channel. */
export interface ChannelHistory {
  readonly key: number;
  readonly name: string;
  readonly kind: "group" | "admin";
  readonly depth: number;
  readonly head: number;
}

export interface ActorHistory {
  readonly channel: number;
  readonly name: string;
  /** Kinds that its agent takes. */
  readonly takes: ReadonlySet<string>;
  readonly spawner: string | null;
  readonly standing: Standing;
  /** Head of the channel when it was spawned: what was said before is not for it. Undefined where nobody has noted it. */
  readonly born: number | undefined;
  readonly cursor: number;
  readonly turn: number;
}

export interface MessageHistory {
  readonly channel: number;
  readonly seq: number;
  readonly sender: string;
  readonly recipient: string | null;
  readonly kind: string;
  /** A reply is the result of a question: it is nobody's mail. */
  readonly isReply: boolean;
  readonly stamp: Stamp | undefined;
  /** The epoch whose owner wrote it; undefined where nobody has noted it. */
  readonly epoch: number | undefined;
}

export interface TurnHistory {
  readonly channel: number;
  readonly actor: string;
  readonly turn: number;
  readonly attempt: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly outcome: TurnOutcome;
}

interface DeadLetterHistory {
  readonly channel: number;
  readonly seq: number;
  readonly actor: string;
  readonly reason: string;
}

/** True where the run may have left work undone: whoever ended it did not wait for it. */
export function wasCutShort({ run: { status } }: RunHistory): boolean {
  return status === "finished" || status === "failed" || status === "cancelled";
}

/** Something that must not be. */
export interface Violation {
  /** The promise that was broken, in one word or two: the same for the same sort. */
  readonly promise: string;
  readonly detail: string;
}
