import type { TroupeEvent } from "@troupe/core";

const RUN_ID = /\b[a-z0-9]{16}\b/g;

/** A readable account of a world: a line for each thing that happens, with short names for long ids. */
export class Trace {
  readonly #print: (line: string) => void;
  readonly #names = new Map<string, string>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** `ms` since the world began. */
  say(ms: number, text: string): void {
    this.#print(`${(ms / 1_000).toFixed(4).padStart(9)}  ${this.shorten(text)}`);
  }

  shorten(text: string): string {
    return text.replace(RUN_ID, (id) => {
      const name = this.#names.get(id) ?? `#${this.#names.size + 1}`;
      this.#names.set(id, name);
      return name;
    });
  }
}

/** An event in a few words. */
export function wordsOf(event: TroupeEvent): string {
  switch (event.type) {
    case "message_appended":
      return `${event.channel}:${event.seq} ${event.from} → ${event.to ?? "everyone"} ${event.kind}`;
    case "turn_taken":
      return `${turnOf(event)} begins with ${event.messages.join(", ")}`;
    case "turn_settled":
      return `${turnOf(event)} has settled`;
    case "turn_failed":
      return `${turnOf(event)} failed: ${event.error}`;
    case "turn_committed":
      return `${turnOf(event)} is durable`;
    case "turn_refused":
      return `${turnOf(event)} was refused: ${event.why}`;
    case "turn_parked":
      return `${turnOf(event)} waits for ${event.waitingFor.join(", ")}`;
    case "actor_spawned":
      return `${event.actor} is born`;
    case "group_spawned":
      return `${event.group} is born, with ${event.admin}`;
    case "refused":
      return `${event.actor} was refused: ${event.message}`;
    case "dead_letter":
      return `${event.message} to ${event.actor} is a dead letter: ${event.error ?? event.reason}`;
    case "run_ended":
      return `run ${event.run} has ended: ${event.status}`;
    case "shard_gained":
      return `has shard ${event.shard} at epoch ${event.epoch}`;
    case "shard_lost":
      return `has lost shard ${event.shard}: ${event.why}`;
    case "budget":
      return `run ${event.run} has spent ${event.spent.turns} turns`;
    case "store_lost":
      return "finds no store";
    case "store_back":
      return "has its store back";
  }
}

function turnOf({ actor, turn, attempt }: { actor: string; turn: number; attempt: number }): string {
  return `${actor} turn ${turn}.${attempt}`;
}
