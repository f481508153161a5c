import type { Actor } from "../actor/actor.ts";
import type { Clock } from "../ports/clock.ts";
import type { Settings } from "../settings.ts";

export interface DispatcherHost {
  readonly clock: Clock;
  readonly settings: Settings;
  /** Writes that wait for a commit. */
  backlog(): number;
  /** Begins a turn of this actor, if it has one to begin. */
  take(actor: Actor): void;
}

/** The run queue: actors with mail, first come first served, while turns under way and writes that wait keep to their bounds. */
export class Dispatcher {
  readonly #host: DispatcherHost;
  #queue: Actor[] = [];
  #first = 0;
  #underWay = 0;
  #running = false;
  #stopped = false;

  constructor(host: DispatcherHost) {
    this.#host = host;
  }

  get underWay(): number {
    return this.#underWay;
  }

  /** Queues an actor that is idle and has mail; harmless for one that is queued, busy or waiting. */
  wake(actor: Actor): void {
    if (actor.queued || actor.phase !== "idle" || actor.standing !== "active" || actor.mailbox.length === 0) return;
    if (actor.group.waiting.has(actor) || !actor.group.alive) return;
    actor.queued = true;
    this.#queue.push(actor);
  }

  began(): void {
    this.#underWay += 1;
  }

  /** Whatever ended it: an actor that waited for its place must not wait for somebody to think of it. */
  ended(): void {
    this.#underWay -= 1;
    if (this.#underWay === this.#host.settings.turns - 1) this.#host.clock.soon(() => this.run());
  }

  /** Starts as many turns as the bounds allow. */
  run(): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    const { turns, settled } = this.#host.settings;
    while (this.#first < this.#queue.length && this.#underWay < turns && this.#host.backlog() < settled) {
      const actor = this.#queue[this.#first++] as Actor;
      actor.queued = false;
      if (actor.group.alive && !actor.group.leaving) this.#host.take(actor);
    }
    if (this.#first === this.#queue.length) {
      this.#queue.length = 0;
      this.#first = 0;
    } else if (this.#first > 1_024) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    this.#running = false;
  }

  stop(): void {
    this.#stopped = true;
  }
}
