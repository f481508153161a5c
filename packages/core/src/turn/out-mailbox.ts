import { ROW_BYTES } from "../actor/in-mailbox.ts";
import type { ReleasedOp } from "../actor/progress.ts";
import type { NewGroup, NewMember, Outgoing, Write } from "../commit/write.ts";
import { TroupeError } from "../fault.ts";
import type { InboxRow } from "../ports/rows.ts";
import type { Receipt } from "../refusal.ts";

const NONE: readonly never[] = [];

/** A send or a spawn, in words that are put together only where they are needed. */
export interface Op {
  readonly verb: string;
  readonly what: string;
  readonly which?: string;
}

function textOf({ verb, what, which }: Op): string {
  return which === undefined ? `${verb} ${what}` : `${verb} ${what} ${which}`;
}

/**
 * What a turn has produced and no commit has released yet. It counts what goes in, over the whole turn, and knows what
 * an earlier attempt of the turn has already released, so that a replay does not do it again.
 */
export class OutMailbox {
  readonly #released: readonly ReleasedOp[];
  #place = 0;
  #messages = 0;
  #bytes = 0;
  // Most turns use few of these: an array comes when there is something for it.
  #done: { readonly op: Op; readonly receipt: Receipt }[] | undefined;
  #outgoing: Outgoing[] | undefined;
  #posts: InboxRow[] | undefined;
  #members: NewMember[] | undefined;
  #groups: NewGroup[] | undefined;

  constructor(released: readonly ReleasedOp[]) {
    this.#released = released;
  }

  /**
   * What the behaviour was told when an earlier attempt did this and it was released; undefined if it has to be done now.
   * Throws `replay_diverged` if the replayed turn does something else at this place.
   */
  past(op: Op): Receipt | undefined {
    const past = this.#released[this.#place];
    this.#place += 1;
    if (past !== undefined && past.op !== textOf(op)) {
      throw new TroupeError(
        "replay_diverged",
        `it did "${past.op}" before and "${textOf(op)}" now; what happens before an ask or a sleep must not depend on time or chance`,
      );
    }
    return past?.receipt;
  }

  /** Notes what was done at this place. */
  did(op: Op, receipt: Receipt): void {
    this.#done ??= [];
    this.#done.push({ op, receipt });
  }

  /** Everything done so far, released or not: what a park has to remember. */
  get ops(): readonly ReleasedOp[] {
    if (this.#done === undefined) return this.#released;
    return [...this.#released, ...this.#done.map(({ op, receipt }) => ({ op: textOf(op), receipt }))];
  }

  hasRoom(bytes: number, maxMessages: number, maxBytes: number): boolean {
    return this.#messages < maxMessages && this.#bytes + bytes + ROW_BYTES <= maxBytes;
  }

  /** Number of the send or spawn in hand, from 1; the same in every attempt. */
  get place(): number {
    return this.#place;
  }

  get members(): readonly NewMember[] {
    return this.#members ?? NONE;
  }

  get groups(): readonly NewGroup[] {
    return this.#groups ?? NONE;
  }

  put(message: Outgoing): void {
    this.#outgoing ??= [];
    this.#outgoing.push(message);
    this.#count(message.body.length);
  }

  post(row: InboxRow): void {
    this.#posts ??= [];
    this.#posts.push(row);
    this.#count(row.body.length);
  }

  addMember(member: NewMember): void {
    this.#members ??= [];
    this.#members.push(member);
  }

  addGroup(group: NewGroup): void {
    this.#groups ??= [];
    this.#groups.push(group);
  }

  /** Moves what is in it into a write; it goes on empty. */
  releaseInto(write: Write): void {
    write.outgoing = this.#outgoing ?? NONE;
    write.posts = this.#posts ?? NONE;
    write.members = this.#members ?? NONE;
    write.groups = this.#groups ?? NONE;
    this.#outgoing = undefined;
    this.#posts = undefined;
    this.#members = undefined;
    this.#groups = undefined;
  }

  #count(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes + ROW_BYTES;
  }
}
