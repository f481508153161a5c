import { LIFECYCLE, parseAddress, shardOf, type TroupeEvent, type TurnSignal, type TurnState } from "@troupe/core";
import type { Violation } from "../history/history.ts";
import type { SometimeCounts } from "./sometimes.ts";

type TurnEventType = "turn_taken" | "turn_settled" | "turn_failed" | "turn_committed" | "turn_refused";

const SIGNALS: Readonly<Record<TurnEventType, TurnSignal>> = {
  turn_taken: "take",
  turn_settled: "settle",
  turn_failed: "fail",
  turn_committed: "commit",
  turn_refused: "refuse",
};

/** A message as a watcher saw it. */
export interface SeenMessage {
  readonly channel: string;
  readonly seq: number;
  readonly from: string;
  readonly kind: string;
}

/** What is known between the processes: who parked, and who took up which turn. */
export interface TurnsSeen {
  readonly parked: Set<string>;
  readonly takenBy: Map<string, string>;
}

/** Watches the traffic of one process: its actors move as the table says, and what it shows of a channel has no gap. */
export class TrafficWatch {
  readonly violations: Violation[] = [];
  readonly messages: SeenMessage[] = [];
  readonly #process: string;
  readonly #shards: number;
  readonly #sometimes: SometimeCounts;
  readonly #turns: TurnsSeen;
  readonly #states = new Map<string, TurnState | "parked">();
  readonly #heads = new Map<string, number>();

  constructor(process: string, shards: number, sometimes: SometimeCounts, turns: TurnsSeen) {
    this.#process = process;
    this.#shards = shards;
    this.#sometimes = sometimes;
    this.#turns = turns;
  }

  /** Actors that wait in the middle of a turn. */
  get parked(): number {
    return [...this.#states.values()].filter((state) => state === "parked").length;
  }

  hear(event: TroupeEvent): void {
    switch (event.type) {
      case "message_appended":
        return this.#appended(event);
      case "turn_parked":
        this.#turns.parked.add(`${event.actor} ${event.turn}`);
        return void this.#states.set(event.actor, "parked");
      case "turn_taken":
      case "turn_settled":
      case "turn_failed":
      case "turn_committed":
      case "turn_refused":
        return this.#moved(event.type, event);
      case "shard_lost":
      case "shard_gained":
        return this.#forget((group) => shardOf(group, this.#shards) === event.shard);
      case "run_ended":
        return this.#forget((group) => group === event.run || group.startsWith(`${event.run}/`));
      default:
        return this.#note(event);
    }
  }

  #appended({ channel, seq, from, kind }: Extract<TroupeEvent, { type: "message_appended" }>): void {
    const head = this.#heads.get(channel);
    if (head !== undefined && seq !== head + 1)
      this.violations.push({
        promise: "gapless stream",
        detail: `${this.#process} showed ${channel}:${seq} after ${head}`,
      });
    this.#heads.set(channel, seq);
    this.messages.push({ channel, seq, from, kind });
  }

  #moved(type: TurnEventType, event: Extract<TroupeEvent, { type: TurnEventType }>): void {
    const { actor, turn } = event;
    const before = this.#states.get(actor) ?? "idle";
    const signal = SIGNALS[type];
    // What was parked leaves memory without a word. The answer to what was sent may come when the group has left already.
    const from = before === "parked" ? (signal === "take" ? "idle" : "processing") : before;
    const to = (LIFECYCLE[from] as Partial<Record<TurnSignal, TurnState>>)[signal];
    if (to === undefined && (this.#states.has(actor) || !(signal === "refuse" || signal === "commit")))
      this.violations.push({ promise: "legal moves", detail: `${this.#process}: ${actor} ${signal} while ${before}` });
    this.#states.set(actor, to ?? "idle");
    if (signal === "take") this.#took(`${actor} ${turn}`);
    if (signal === "refuse") this.#refused(event);
    if (event.type === "turn_failed" && event.error.startsWith("turn_timeout"))
      this.#sometimes["a turn was over its time"] += 1;
  }

  #took(turn: string): void {
    const { parked, takenBy } = this.#turns;
    if (parked.has(turn)) this.#sometimes["a parked turn was replayed"] += 1;
    if ((takenBy.get(turn) ?? this.#process) !== this.#process)
      this.#sometimes["a message was tried again after a crash"] += 1;
    takenBy.set(turn, this.#process);
  }

  #refused(event: Extract<TroupeEvent, { type: TurnEventType }>): void {
    if (event.type === "turn_refused" && event.why === "rejected") this.#sometimes["a poison turn was put aside"] += 1;
  }

  #note(event: TroupeEvent): void {
    if (event.type !== "refused") return;
    const { reason } = event;
    if (reason === "circle") this.#sometimes["a circle was refused"] += 1;
    if (reason === "mailbox_full") this.#sometimes["a mailbox was full"] += 1;
    if (reason === "loop") this.#sometimes["a loop was refused"] += 1;
    if (reason.startsWith("limit_")) this.#sometimes["a cap was refused"] += 1;
  }

  #forget(gone: (group: string) => boolean): void {
    for (const actor of [...this.#states.keys()]) if (gone(parseAddress(actor).group)) this.#states.delete(actor);
    for (const channel of [...this.#heads.keys()]) if (gone(channel)) this.#heads.delete(channel);
  }
}
