import type { ReleasedOp } from "../actor/progress.ts";
import { ROW_BYTES } from "../actor/in-mailbox.ts";
import type { NewGroup, NewMember, Outgoing } from "../commit/write.ts";
import { TroupeError } from "../fault.ts";
import type { InboxRow } from "../ports/rows.ts";
import type { Receipt } from "../refusal.ts";

const NONE: readonly never[] = [];

/** What has left the out-mailbox together. */
export interface Output {
  readonly outgoing: readonly Outgoing[];
  readonly posts: readonly InboxRow[];
  readonly members: readonly NewMember[];
  readonly groups: readonly NewGroup[];
}

/**
 * What a turn has produced and no commit has released yet. It counts what goes in, over the whole turn, and knows what
 * an earlier attempt of the turn has already released, so that a replay does not do it again.
 */
export class OutMailbox {
  readonly #released: readonly ReleasedOp[];
  readonly #ops: ReleasedOp[] = [];
  #place = 0;
  #outgoing: Outgoing[] = [];
  #posts: InboxRow[] = [];
  #members: NewMember[] = [];
  #groups: NewGroup[] = [];
  #messages = 0;
  #bytes = 0;

  constructor(released: readonly ReleasedOp[]) {
    this.#released = released;
  }

  /**
   * Does something once over all attempts of the turn: what has been released is answered from memory.
   * Throws `replay_diverged` if the replayed turn does something else at this place.
   */
  once<R extends Receipt>(op: string, act: () => R): R {
    const past = this.#released[this.#place];
    this.#place += 1;
    if (past !== undefined) {
      if (past.op !== op) throw new TroupeError("replay_diverged", `it did "${past.op}" before and "${op}" now; what happens before an ask or a sleep must not depend on time or chance`);
      return past.receipt as R;
    }
    const receipt = act();
    this.#ops.push({ op, receipt });
    return receipt;
  }

  /** Everything done so far, released or not: what a park has to remember. */
  get ops(): readonly ReleasedOp[] {
    return this.#ops.length === 0 ? this.#released : [...this.#released, ...this.#ops];
  }

  hasRoom(bytes: number, maxMessages: number, maxBytes: number): boolean {
    return this.#messages < maxMessages && this.#bytes + bytes + ROW_BYTES <= maxBytes;
  }

  /** Number of the send or spawn in hand, from 1; the same in every attempt. */
  get place(): number {
    return this.#place;
  }

  get members(): readonly NewMember[] {
    return this.#members;
  }

  get groups(): readonly NewGroup[] {
    return this.#groups;
  }

  put(message: Outgoing): void {
    this.#outgoing.push(message);
    this.#count(message.body.length);
  }

  post(row: InboxRow): void {
    this.#posts.push(row);
    this.#count(row.body.length);
  }

  addMember(member: NewMember): void {
    this.#members.push(member);
  }

  addGroup(group: NewGroup): void {
    this.#groups.push(group);
  }

  /** Hands over what is in it; it goes on empty. */
  release(): Output {
    const output = {
      outgoing: this.#outgoing.length === 0 ? NONE : this.#outgoing,
      posts: this.#posts.length === 0 ? NONE : this.#posts,
      members: this.#members.length === 0 ? NONE : this.#members,
      groups: this.#groups.length === 0 ? NONE : this.#groups,
    };
    this.#outgoing = [];
    this.#posts = [];
    this.#members = [];
    this.#groups = [];
    return output;
  }

  #count(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes + ROW_BYTES;
  }
}
