import type { Address, GroupId, RunId } from "./address.ts";
import type { BodyIn, Definition, Kinds, KindsAt, ReplyOut } from "./kinds.ts";
import type { Message, ReplyTo } from "./message.ts";
import type { Receipt, Refusal } from "./refusal.ts";

/** Kinds that an address takes; any string where its agent is not known. */
type KindAt<To> = [KindsAt<To>] extends [never] ? string : keyof KindsAt<To> & string;

/** What to pass for a kind at an address; unknown where its agent is not known. */
type BodyAt<To, Kind> = [KindsAt<To>] extends [never]
  ? unknown
  : Kind extends keyof KindsAt<To>
    ? BodyIn<KindsAt<To>[Kind]>
    : never;

/** What an `ask` of this kind at this address brings. */
type ReplyAt<To, Kind> = [KindsAt<To>] extends [never]
  ? unknown
  : Kind extends keyof KindsAt<To>
    ? ReplyOut<KindsAt<To>[Kind]>
    : never;

/** Kinds of an address that can be asked: those declared with `request`. */
type AskableAt<To> = [KindsAt<To>] extends [never]
  ? string
  : { [N in keyof KindsAt<To> & string]: [ReplyOut<KindsAt<To>[N]>] extends [never] ? never : N }[keyof KindsAt<To> &
      string];

export type Spawned<K extends Kinds> =
  | { readonly accepted: true; readonly address: Address<K>; readonly existed: boolean }
  | Refusal;

export type Answer<Reply> = { readonly accepted: true; readonly reply: Reply } | Refusal;

export interface AskOptions {
  /** Milliseconds to wait; then the answer is a refusal with reason `timeout`. Default: the runtime's `askMs`. */
  readonly deadlineMs?: number;
}

export interface StepInfo {
  /** `actor:turn:step`, the same on every attempt: pass it on to whatever must not act twice. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * What a behaviour can do. Nothing of it leaves before the turn has committed, save at a park (`ask`, `sleep`):
 * what was sent before a park leaves with it, and is not sent again when the turn is replayed.
 */
export interface Self<K extends Kinds = Kinds, State = unknown, Result = unknown> {
  readonly address: Address<K>;
  readonly name: string;
  readonly group: GroupId;
  readonly run: RunId;
  /** True for the one member that may also use the run's admin channel. */
  readonly isAdmin: boolean;
  /** This group's admin. */
  readonly admin: Address;
  /** Who spawned this actor; undefined for the root of a run. */
  readonly spawner: Address | undefined;
  /** 1 at the first try of a turn, counting up. */
  readonly attempt: number;
  /** Aborted when the turn is over its time, or its actor is taken away. */
  readonly signal: AbortSignal;
  /** Change it in place or replace it; it is committed with the turn, and put back if the turn fails. */
  state: State;

  /** Sends to one actor: of this group, to the spawner or the admin of a spawned group, or, for an admin, to any admin of the run. */
  tell<To extends string, Kind extends KindAt<To>>(to: To, kind: Kind, body: BodyAt<To, Kind>): Receipt;
  /** Says something to everyone in the group who takes this kind. */
  say(kind: string, body: unknown): Receipt;
  /** For admins: says something on the run's admin channel, to every other admin who takes this kind. */
  announce(kind: string, body: unknown): Receipt;
  /** Answers a message that was asked. A second reply to it is ignored by the asker. */
  reply<M extends Message>(to: M, body: ReplyTo<M>): Receipt;
  /** Asks and parks this turn until the reply: it survives restarts. A circle of askers is refused at once. */
  ask<To extends string, Kind extends AskableAt<To>>(
    to: To,
    kind: Kind,
    body: BodyAt<To, Kind>,
    options?: AskOptions,
  ): Promise<Answer<ReplyAt<To, Kind>>>;
  /** A new actor in this group; the same name again is the same actor. */
  spawn<C extends Kinds>(agent: Definition<C>, name: string): Spawned<C>;
  /** A new group below this one, with its admin: a first member, of the given agent. The same name again is the same group. */
  spawnGroup<C extends Kinds>(agent: Definition<C>, group: string): Spawned<C>;
  /**
   * Runs `fn` once and remembers what it gave; a replayed turn gets it from memory.
   * At least once: if the process dies between the effect and its commit, it runs again with the same idempotency key.
   *
   * @throws TroupeError `step_key_reused`, `step_too_large`, `value_unserializable`, or whatever `fn` throws (not remembered).
   */
  step<T>(key: string, fn: (info: StepInfo) => T | Promise<T>): Promise<T>;
  /** Parks for so many milliseconds; survives restarts. */
  sleep(ms: number): Promise<void>;
  /** The root ends the run with this result; any other actor ends itself. Takes effect with the commit. */
  finish(result?: Result): void;
  /** The newest committed messages of this group's channel, oldest first. Not remembered: put it in a step where a replay must see the same. */
  history(limit: number): Promise<readonly Message[]>;
}
