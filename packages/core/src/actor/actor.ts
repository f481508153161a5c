import { type Address, addressOf, type ChannelName } from "../address.ts";
import type { Agent } from "../agent.ts";
import { decode } from "../codec.ts";
import { move, type TurnSignal, type TurnState } from "../lifecycle.ts";
import type { ActorWrite, LogRow, Standing } from "../ports/rows.ts";
import type { MemberSnapshot } from "../ports/store.ts";
import type { Channel } from "./channel.ts";
import { InMailbox } from "./in-mailbox.ts";
import type { JournalRecord } from "./journal.ts";
import { decodeProgress, encodeProgress, type Progress } from "./progress.ts";

/** A channel with members: a group. An admin channel is one too, of nobody. */
export type Group = Channel<Actor>;

/** A turn that is under way or parked, as its actor sees it. */
export interface OngoingTurn {
  readonly isParked: boolean;
  /** When a parked turn goes on by itself: milliseconds since 1970. */
  readonly dueAt: number;
  /** Hands over the reply to one of its questions. */
  hear(reply: LogRow): void;
  /** The actor is taken away: nothing of the turn counts any more. */
  abandon(): void;
}

/** A running instance of an agent, as far as it is in memory. Written only by the worker that owns its shard. */
export class Actor {
  readonly group: Group;
  readonly name: string;
  readonly address: Address;
  readonly definition: string;
  /** Undefined where this worker does not know the agent: its mail waits for one that does. */
  readonly agent: Agent | undefined;
  readonly spawner: string | null;
  readonly mailbox = new InMailbox();
  standing: Standing;
  /** Seq of the last message consumed. */
  cursor: number;
  /** Number of the turn in hand, or of the next one. */
  turn: number;
  progress: Progress;
  /** The turn under way or parked in memory. */
  current: OngoingTurn | undefined;
  /** What the turn in hand has remembered. */
  journal: Map<string, JournalRecord> | undefined;
  /** Replies to questions of the turn in hand, by what they answer. */
  replies: Map<string, LogRow> | undefined;
  /** In the run queue. */
  queued = false;
  /** Loaded from another worker's hands with mail waiting: its death may have been this turn's doing. */
  suspect = false;
  /** Monotonic milliseconds of its last turn. */
  touchedAt = 0;
  /** Stops the alarm for a retry or a parked turn. */
  cancelAlarm: (() => void) | undefined;
  #phase: TurnState = "idle";
  #committed: Uint8Array | null;
  #state: unknown;
  #hasState = false;

  constructor(group: Group, member: MemberSnapshot, agent: Agent | undefined) {
    this.group = group;
    this.name = member.name;
    this.address = addressOf(member.name, group.id);
    this.definition = member.definition;
    this.agent = agent;
    this.spawner = member.spawner;
    this.standing = member.standing;
    this.cursor = member.cursor;
    this.turn = member.turn;
    this.progress = decodeProgress(member.progress);
    this.#committed = member.state;
  }

  get phase(): TurnState {
    return this.#phase;
  }

  signal(signal: TurnSignal): void {
    this.#phase = move(this.#phase, signal);
  }

  get isAdmin(): boolean {
    return this.group.admin === this.name;
  }

  /** True if the state is in memory, packed or not. */
  get isResident(): boolean {
    return this.#hasState || this.#committed !== null;
  }

  /** The state as of the last commit; the turn in hand may change it in place. */
  get state(): unknown {
    if (!this.#hasState) {
      if (this.#committed === null) throw new Error(`${this.address}: its state has not been loaded`);
      this.#state = decode(this.#committed);
      this.#hasState = true;
    }
    return this.#state;
  }

  /** What the store has, apart from what any turn works with. */
  copyOfState(): unknown {
    return this.#committed === null ? undefined : decode(this.#committed);
  }

  get committedState(): Uint8Array | null {
    return this.#committed;
  }

  /** The store holds this state now. */
  keepState(bytes: Uint8Array): void {
    this.#committed = bytes;
    this.#hasState = false;
    this.#state = undefined;
  }

  /** The same, where `value` is what `bytes` say: saves unpacking it for the next turn. */
  keepStateValue(bytes: Uint8Array, value: unknown): void {
    this.#committed = bytes;
    this.#state = value;
    this.#hasState = true;
  }

  /** Undoes what the turn in hand did to the state. */
  resetState(): void {
    this.#hasState = false;
    this.#state = undefined;
  }

  /** Leaves memory; the store has it. */
  dropState(): void {
    this.#committed = null;
    this.resetState();
  }

  /** True if a row of the group's log is mail for this actor. */
  wants(row: LogRow): boolean {
    if (row.recipient === this.name) return true;
    return (
      row.recipient === null &&
      this.standing === "active" &&
      row.sender !== this.name &&
      this.agent !== undefined &&
      Object.hasOwn(this.agent.on, row.kind)
    );
  }

  /** The row to write for this actor as it would stand with these changes. */
  rowWith(change: Partial<Pick<ActorWrite, "cursor" | "turn" | "state" | "standing">>, progress: Progress): ActorWrite {
    return {
      channel: this.group.key,
      name: this.name,
      standing: change.standing ?? this.standing,
      cursor: change.cursor ?? this.cursor,
      turn: change.turn ?? this.turn,
      progress: encodeProgress(progress),
      state: change.state ?? null,
    };
  }
}

/** Name of the admin of a group that the actor has spawned, which is that of its agent; undefined for any other group. */
export function adminOfChild({ group, progress }: Actor, child: ChannelName): string | undefined {
  if (!child.startsWith(`${group.id}/`)) return undefined;
  const name = child.slice(group.id.length + 1);
  return Object.hasOwn(progress.groups, name) ? progress.groups[name] : undefined;
}
