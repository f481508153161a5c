import type { Answer, Message, Receipt, Self } from "@troupe/core";
import { z } from "zod";
import { countHeard, countSent, EVERYONE, emptyTally, type Stamp, type Tally } from "../../history/stamps.ts";

const stamp = z.object({ from: z.string(), to: z.string(), seq: z.number(), place: z.number() });

/** A body with its stamp. */
export function stamped<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ stamp, ...shape });
}

/** The reply to a question: the question's own stamp. */
export const ANSWER = stamp;

/** What every actor of the load has in its state. */
export interface Memory {
  tally: Tally;
  /** Refusals by reason: a hard bound that said no. */
  refused: Record<string, number>;
  /** What the actor itself has found wrong, apart from its tally. */
  complaints: string[];
}

export function emptyMemory(): Memory {
  return { tally: emptyTally(), refused: {}, complaints: [] };
}

/** As much of `self` as talking needs; the kinds of addresses are not known here. */
type Speaker = Pick<Self, "address" | "tell" | "say" | "announce" | "ask"> & { readonly state: Memory };

/** How the agents of the load talk, for one turn: every message is stamped, and counted in the states of both sides. */
export class Talk {
  readonly #self: Speaker;
  readonly #seq: number;
  #place = 0;

  constructor(self: Speaker, { id }: Pick<Message, "id">) {
    this.#self = self;
    this.#seq = Number(id.slice(id.indexOf(":") + 1));
  }

  hear({ stamp }: { readonly stamp: Stamp }): void {
    countHeard(this.#self.state.tally, stamp);
  }

  tell(to: string, kind: string, body: object = {}): Receipt {
    const next = this.#stamp(to);
    return this.#sent(next, this.#self.tell(to, kind, { ...body, stamp: next }));
  }

  say(kind: string, body: object = {}): Receipt {
    const next = this.#stamp(EVERYONE);
    return this.#sent(next, this.#self.say(kind, { ...body, stamp: next }));
  }

  /** Not in the sender's tally: it becomes as many messages as there are groups by then. */
  announce(kind: string): void {
    this.#self.announce(kind, { stamp: this.#stamp(EVERYONE) });
  }

  /** Asks, and looks whether the answer is the one to this question. */
  async ask(to: string, kind: string, deadlineMs?: number): Promise<void> {
    const { state } = this.#self;
    const next = this.#stamp(to);
    const options = deadlineMs === undefined ? {} : { deadlineMs };
    const answer = (await this.#self.ask(to, kind, { stamp: next }, options)) as Answer<Stamp>;
    // A question that was accepted may still remain without an answer.
    if (answer.accepted || answer.reason === "timeout" || answer.reason === "failed") countSent(state.tally, next);
    if (!answer.accepted) return this.noteRefusal(answer.reason);
    const { from, seq, place } = answer.reply;
    if (from !== next.from || seq !== next.seq || place !== next.place)
      state.complaints.push(`asked ${to} ${next.seq}.${next.place}, and got the answer to ${from} ${seq}.${place}`);
  }

  noteRefusal(reason: string): void {
    const { refused } = this.#self.state;
    refused[reason] = (refused[reason] ?? 0) + 1;
  }

  #stamp(to: string): Stamp {
    this.#place += 1;
    return { from: this.#self.address, to, seq: this.#seq, place: this.#place };
  }

  #sent(next: Stamp, receipt: Receipt): Receipt {
    if (receipt.accepted) countSent(this.#self.state.tally, next);
    else this.noteRefusal(receipt.reason);
    return receipt;
  }
}
