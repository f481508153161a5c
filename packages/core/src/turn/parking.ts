import { askToken, forget, type JournalRecord, stepRow, timeoutKey } from "../actor/journal.ts";
import { alarmAt } from "../alarm.ts";
import { decode } from "../codec.ts";
import { Write } from "../commit/write.ts";
import { TroupeError } from "../fault.ts";
import { type Headers, type LogRow, type StepRow, WAKE_ON_MAIL } from "../ports/rows.ts";
import { type Receipt, refuse } from "../refusal.ts";
import type { Answer } from "../self.ts";
import { openProgress } from "./open-progress.ts";
import type { Steps } from "./steps.ts";
import type { TurnContext } from "./turn-context.ts";

interface Wait {
  readonly key: string;
  readonly asked: string | undefined;
  readonly dueAt: number;
  readonly cancel: () => void;
  /** With the reply, or undefined when the time is over. */
  readonly wake: (reply: LogRow | undefined) => void;
}

/**
 * The verbs that wait: `ask` and `sleep`. What the turn did so far leaves with the first of them (a park is a commit
 * point), together with a record of the wait. A replayed turn finds the record, and the reply if it came meanwhile.
 */
export class Parking {
  readonly #turn: TurnContext;
  readonly #steps: Steps;
  readonly #changed: () => void;
  readonly #waits = new Map<string, Wait>();
  #unsent: StepRow[] = [];
  #undone = false;
  #asks = 0;
  #sleeps = 0;

  constructor(turn: TurnContext, steps: Steps, changed: () => void) {
    this.#turn = turn;
    this.#steps = steps;
    this.#changed = changed;
  }

  /** What it waits for: addresses, and `a timer`. */
  get waitingFor(): readonly string[] {
    return [...this.#waits.values()].map((wait) => wait.asked ?? "a timer");
  }

  /** When the first of its waits is over by itself. */
  get dueAt(): number {
    let due = WAKE_ON_MAIL;
    for (const wait of this.#waits.values()) due = Math.min(due, wait.dueAt);
    return due;
  }

  get isWaiting(): boolean {
    return this.#waits.size > 0;
  }

  async ask(to: string, deadlineMs: number, send: (headers: Headers) => Receipt): Promise<Answer<unknown>> {
    const { actor, host } = this.#turn;
    const key = `ask:${this.#asks++}`;
    const token = askToken(actor.turn, key);
    const known = actor.journal?.get(key);
    const dueAt = known?.type === "ask" ? known.dueAt : host.clock.now() + deadlineMs;
    const receipt = send({ ask: token, expiresAt: dueAt });
    if (!receipt.accepted) return receipt;
    if (known === undefined) this.#remember(key, { type: "ask", to, dueAt });
    const reply = await this.#reply(key, token, to, dueAt);
    return reply === undefined
      ? refuse("timeout", `${to} has not answered within ${deadlineMs} ms`)
      : answerFrom(reply, to);
  }

  async sleep(ms: number): Promise<void> {
    const { actor, host } = this.#turn;
    const key = `sleep:${this.#sleeps++}`;
    const known = actor.journal?.get(key);
    const dueAt = known?.type === "sleep" ? known.dueAt : host.clock.now() + ms;
    if (known === undefined) this.#remember(key, { type: "sleep", dueAt });
    if (host.clock.now() >= dueAt) return;
    await this.#wait(key, key, undefined, dueAt, () => undefined);
  }

  /** A reply has come; true if a question here was waiting for it. */
  hear(token: string, reply: LogRow): void {
    const wait = this.#waits.get(token);
    if (wait === undefined) return;
    this.#end(token, wait);
    wait.wake(reply);
  }

  /** Sends what the turn did so far and the records of what it waits for. */
  flush(): void {
    if (this.#unsent.length === 0 || this.#turn.over) return;
    const { actor, out, host } = this.#turn;
    const before = actor.progress;
    const write = new Write(actor.group, actor);
    write.turn = this.#turn;
    actor.progress = openProgress(
      this.#turn,
      [...this.#waits.values()].map(({ key }) => key),
    );
    out.releaseInto(write);
    write.steps = [...this.#steps.takeUnsent(), ...this.#unsent];
    write.actorRow = actor.rowWith({}, actor.progress);
    write.undo = () => {
      // What the turn did after a part that was refused is refused as well, and must not bring back what that part did.
      if (!this.#undone) actor.progress = before;
      this.#undone = true;
      forget(actor, write.steps);
    };
    this.#unsent = [];
    this.#steps.awaitCommit(write);
    host.write(write);
  }

  /** Forgets every wait: nobody will be woken. What was not sent was never asked, and the next attempt has to ask it. */
  abandon(): void {
    for (const [token, wait] of this.#waits) this.#end(token, wait);
    forget(this.#turn.actor, this.#unsent);
    this.#unsent = [];
  }

  #reply(key: string, token: string, to: string, dueAt: number): Promise<LogRow | undefined> | LogRow | undefined {
    const { actor } = this.#turn;
    if (actor.journal?.has(timeoutKey(key)) === true) return undefined;
    const heard = actor.replies?.get(token);
    if (heard !== undefined) return heard;
    return this.#wait(key, token, to, dueAt, () => this.#steps.remember(timeoutKey(key), { type: "timeout" }));
  }

  #wait(
    key: string,
    token: string,
    asked: string | undefined,
    dueAt: number,
    onDue: () => void,
  ): Promise<LogRow | undefined> {
    const { actor, host } = this.#turn;
    if (asked !== undefined) host.waits.add(actor.address, asked);
    return new Promise((wake) => {
      const cancel = alarmAt(host.clock, dueAt, () => {
        const wait = this.#waits.get(token);
        if (wait === undefined) return;
        onDue();
        this.#end(token, wait);
        wake(undefined);
      });
      this.#waits.set(token, { key, asked, dueAt, cancel, wake });
      this.#changed();
    });
  }

  #end(token: string, wait: Wait): void {
    wait.cancel();
    this.#waits.delete(token);
    if (wait.asked !== undefined) this.#turn.host.waits.remove(this.#turn.actor.address, wait.asked);
    this.#changed();
  }

  #remember(key: string, record: JournalRecord): void {
    const { actor, host } = this.#turn;
    if (this.#turn.over) throw new TroupeError("turn_timeout", `${actor.address}: this turn was given up`);
    actor.journal ??= new Map();
    actor.journal.set(key, record);
    this.#unsent.push(stepRow(actor.group.key, actor.name, actor.turn, key, record, host.clock.now()));
    // Questions asked side by side leave together.
    if (this.#unsent.length === 1) void Promise.resolve().then(() => this.flush());
  }
}

function answerFrom(reply: LogRow, to: string): Answer<unknown> {
  const failed = reply.headers?.failed;
  if (failed !== undefined) return refuse("failed", `${to}: ${failed}`);
  return { accepted: true, reply: decode(reply.body) };
}
