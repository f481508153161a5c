import { forget, type JournalRecord, stepRow } from "../actor/journal.ts";
import { decode, encode } from "../codec.ts";
import { Write } from "../commit/write.ts";
import { TroupeError } from "../fault.ts";
import type { StepRow } from "../ports/rows.ts";
import type { StepInfo } from "../self.ts";
import type { TurnContext } from "./turn-context.ts";

/**
 * The remembered effects of a turn. A result is queued for the next commit as soon as it is there, and the next effect
 * waits until the results before it are durable: so an effect never builds on something that a crash could change.
 * A turn that settles first needs no record of its steps; they are dropped unwritten.
 */
export class Steps {
  readonly #turn: TurnContext;
  readonly #used = new Set<string>();
  #unsent: StepRow[] = [];
  #undurable = 0;
  #whenDurable: (() => void)[] = [];
  #running = 0;
  #scheduled = false;

  constructor(turn: TurnContext) {
    this.#turn = turn;
  }

  /** Effects under way. */
  get running(): number {
    return this.#running;
  }

  async run<T>(
    name: string,
    fn: (info: StepInfo) => T | Promise<T>,
    signal: () => AbortSignal,
    runningChanged: () => void,
  ): Promise<T> {
    const { actor, host } = this.#turn;
    const key = `step:${name}`;
    if (this.#used.has(key)) throw new TroupeError("step_key_reused", `${name}; number them if there are several`);
    this.#used.add(key);
    this.#turn.acted = true;
    const known = actor.journal?.get(key);
    if (known?.type === "value") return decode(known.value) as T;
    this.#holdBatch();
    await this.durable();
    this.#alive();
    this.#running += 1;
    runningChanged();
    const { turn, address } = actor;
    let result: T;
    try {
      result = await fn({
        idempotencyKey: `${address}:${turn}:${name}`,
        get signal() {
          return signal();
        },
      });
    } finally {
      this.#running -= 1;
      runningChanged();
    }
    this.#alive();
    const value = encode(result);
    if (value.length > host.settings.stepBytes) {
      throw new TroupeError(
        "step_too_large",
        `${name} gave ${value.length} bytes; at most ${host.settings.stepBytes}. Store it elsewhere and remember where`,
      );
    }
    this.remember(key, { type: "value", value });
    return decode(value) as T;
  }

  /** Puts a record into the journal, durable with the next commit. */
  remember(key: string, record: JournalRecord): void {
    const { actor, host } = this.#turn;
    actor.journal ??= new Map();
    actor.journal.set(key, record);
    this.#unsent.push(stepRow(actor.group.key, actor.name, actor.turn, key, record, host.clock.now()));
    if (this.#scheduled) return;
    this.#scheduled = true;
    host.clock.soon(() => {
      this.#scheduled = false;
      if (!this.#turn.over) this.flush();
    });
  }

  /** Resolves when every record so far is durable; at once where that is so already. */
  durable(): Promise<void> | undefined {
    this.flush();
    return this.#undurable === 0 ? undefined : new Promise((resolve) => this.#whenDurable.push(resolve));
  }

  /** Queues the unsent records. */
  flush(): void {
    if (this.#unsent.length === 0 || this.#turn.over) return;
    const { actor, host } = this.#turn;
    const write = new Write(actor.group, actor);
    write.turn = this.#turn;
    write.steps = this.takeUnsent();
    write.undo = () => forget(actor, write.steps);
    this.awaitCommit(write);
    host.write(write);
  }

  /** Effects wait until this write is durable. */
  awaitCommit(write: Write): void {
    this.#undurable += 1;
    write.applied = () => {
      this.#undurable -= 1;
      if (this.#undurable > 0) return;
      for (const resolve of this.#whenDurable.splice(0)) resolve();
    };
  }

  /** The first effect of a batch carries a key that stands for these messages: they must be the same when it is tried again. */
  #holdBatch(): void {
    const { actor, host, rows, over } = this.#turn;
    if (over || rows.length === 1 || actor.progress.open !== undefined) return;
    actor.progress = { ...actor.progress, open: { messages: rows.length, released: [], waits: [] } };
    const write = new Write(actor.group, actor);
    write.turn = this.#turn;
    write.actorRow = actor.rowWith({}, actor.progress);
    this.awaitCommit(write);
    host.write(write);
  }

  takeUnsent(): readonly StepRow[] {
    const unsent = this.#unsent;
    this.#unsent = [];
    return unsent;
  }

  #alive(): void {
    if (this.#turn.over)
      throw new TroupeError(
        "turn_timeout",
        `${this.#turn.actor.address}: this turn was given up; nothing of it counts`,
      );
  }
}
