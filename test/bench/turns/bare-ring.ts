import {
  type ActorWrite,
  addressOf,
  type ChannelKey,
  type ChannelWrite,
  encode,
  type LogRow,
  type TurnRow,
} from "@troupe/core";
import { MEMORY, memberName, type PasserState, type RingPlan, TEXT } from "./rings.ts";

interface RingRows {
  readonly log: LogRow[];
  readonly actors: ActorWrite[];
  readonly channels: ChannelWrite[];
  readonly turns: TurnRow[];
}

/** A ring in the rows that a runtime would write of it: each step, every token goes on by one. */
export class BareRing {
  readonly shard: number;
  readonly #channel: ChannelKey;
  readonly #names: readonly string[];
  readonly #addresses: readonly string[];
  /** Turns taken, by member. */
  readonly #turns: number[];
  /** Where each token is, and the message that brought it there. */
  #tokens: { readonly place: number; readonly seq: number }[];
  #head = 0;
  #hop = 0;

  constructor(group: string, channel: ChannelKey, shard: number, { members, tokens }: RingPlan) {
    this.shard = shard;
    this.#channel = channel;
    this.#names = Array.from({ length: members }, (_, place) => memberName(place));
    this.#addresses = this.#names.map((name) => addressOf(name, group));
    this.#turns = this.#names.map(() => 0);
    this.#tokens = Array.from({ length: tokens }, (_, place) => ({ place, seq: 0 }));
  }

  /** The first messages, which no turn sent. */
  deal(rows: RingRows): void {
    this.#tokens = this.#tokens.map(({ place }) => ({ place, seq: this.#send(rows, 0, place, null) }));
    this.#write(rows);
  }

  step(rows: RingRows): void {
    const now = Date.now();
    this.#hop += 1;
    this.#tokens = this.#tokens.map(({ place, seq }) => {
      const next = (place + 1) % this.#names.length;
      const turn = (this.#turns[place] ?? 0) + 1;
      this.#turns[place] = turn;
      const actor = this.#names[place] ?? "";
      const state: PasserState = { turns: turn, next: this.#addresses[next] ?? "", memory: MEMORY };
      rows.actors.push({
        channel: this.#channel,
        name: actor,
        standing: "active",
        cursor: seq,
        turn: turn + 1,
        progress: null,
        state: encode(state),
      });
      rows.turns.push({
        channel: this.#channel,
        actor,
        turn,
        attempt: 1,
        firstSeq: seq,
        lastSeq: seq,
        startedAt: now,
        ms: 0,
        outcome: "done",
        error: null,
      });
      return { place: next, seq: this.#send(rows, place, next, `${this.#channel}:${seq}`) };
    });
    this.#write(rows);
  }

  #send(rows: RingRows, from: number, to: number, cause: string | null): number {
    this.#head += 1;
    rows.log.push({
      channel: this.#channel,
      seq: this.#head,
      sender: this.#names[from] ?? "",
      recipient: this.#names[to] ?? null,
      kind: "token",
      body: encode({ hop: this.#hop, text: TEXT }),
      cause,
      at: Date.now(),
      headers: null,
    });
    return this.#head;
  }

  #write(rows: RingRows): void {
    if (this.#tokens.length === 0) return;
    rows.channels.push({ channel: this.#channel, head: this.#head, wakeAt: 0 });
  }
}
