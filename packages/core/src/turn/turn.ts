import type { Actor, OngoingTurn } from "../actor/actor.ts";
import type { Address, ChannelName, GroupId, RunId } from "../address.ts";
import { addressOf } from "../address.ts";
import { encode } from "../codec.ts";
import { giveBack, Write } from "../commit/write.ts";
import { TroupeError } from "../fault.ts";
import type { Definition, Kinds } from "../kinds.ts";
import type { Message } from "../message.ts";
import { type LogRow, type RunEnd, WAKE_ON_MAIL } from "../ports/rows.ts";
import { type Receipt, type Refusal, refuse } from "../refusal.ts";
import { check } from "../schema.ts";
import type { Answer, AskOptions, Self, Spawned, StepInfo } from "../self.ts";
import { messageFrom } from "./message-from.ts";
import { OutMailbox } from "./out-mailbox.ts";
import { Parking } from "./parking.ts";
import { announce, ask, reply, say, tell } from "./sending.ts";
import { adminBelow, spawn, spawnGroup } from "./spawning.ts";
import { Steps } from "./steps.ts";
import type { TurnContext, TurnHost } from "./turn-context.ts";

/** How the behaviour left things, for the write that ends the turn. */
export interface TurnEnd {
  readonly finished: boolean;
  readonly run: RunEnd | undefined;
}

/** One actor handling one message, or a batch: the `self` of its behaviour, and what the worker keeps of it. */
export class Turn implements Self, TurnContext, OngoingTurn {
  readonly host: TurnHost;
  readonly actor: Actor;
  readonly rows: readonly LogRow[];
  readonly out: OutMailbox;
  readonly cause: string;
  readonly now: number;
  readonly number: number;
  readonly attempt: number;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Monotonic milliseconds; put off by parks. */
  deadline: number;
  acted = false;
  over = false;
  stateTouched = false;
  end: TurnEnd | undefined;
  #steps: Steps | undefined;
  #parking: Parking | undefined;
  #parked = false;
  #parkedAt = 0;
  #abort: AbortController | undefined;

  constructor(host: TurnHost, actor: Actor, rows: readonly LogRow[], cause: string) {
    this.host = host;
    this.actor = actor;
    this.rows = rows;
    this.cause = cause;
    this.out = new OutMailbox(actor.progress.open?.released ?? []);
    this.now = host.clock.now();
    this.number = actor.turn;
    this.attempt = actor.progress.failed + 1;
    this.startedAt = host.clock.monotonic();
    this.deadline = this.startedAt + (actor.agent?.turnMs ?? host.settings.turnMs);
  }

  get address(): Address<Kinds> {
    return this.actor.address as Address<Kinds>;
  }
  get name(): string {
    return this.actor.name;
  }
  get group(): GroupId {
    return this.actor.group.id;
  }
  get run(): RunId {
    return this.actor.group.run.id;
  }
  get isAdmin(): boolean {
    return this.actor.isAdmin;
  }
  get admin(): Address {
    return addressOf(this.actor.group.admin, this.actor.group.id);
  }
  get spawner(): Address | undefined {
    return (this.actor.spawner ?? undefined) as Address | undefined;
  }
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.over) this.#abort.abort();
    return this.#abort.signal;
  }
  get state(): unknown {
    this.stateTouched = true;
    if (!this.#hasState) {
      this.#hasState = true;
      // A behaviour that goes on after its turn is over must not touch what the next turn works with.
      this.#state = this.over ? this.actor.copyOfState() : this.actor.state;
    }
    return this.#state;
  }
  set state(value: unknown) {
    this.stateTouched = true;
    this.#hasState = true;
    this.#state = value;
  }
  #hasState = false;
  #state: unknown;

  /** The state that the turn has come to; from now on the behaviour, should it go on, sees a copy. */
  takeState(): unknown {
    const state = this.#state;
    this.#hasState = false;
    return state;
  }

  /** True while it waits for replies and timers alone. */
  get isParked(): boolean {
    return this.#parked;
  }

  get dueAt(): number {
    return this.#parking?.dueAt ?? WAKE_ON_MAIL;
  }

  get waitingFor(): readonly string[] {
    return this.#parking?.waitingFor ?? [];
  }

  adminBelow(group: ChannelName): string | undefined {
    return adminBelow(this, group);
  }

  /** The first of the messages in hand. */
  get message(): Message {
    return messageFrom(this.rows[0] as LogRow, this.actor.group.id);
  }

  get messages(): readonly Message[] {
    return this.rows.map((row) => messageFrom(row, this.actor.group.id));
  }

  tell(to: string, kind: string, body: unknown): Receipt {
    return this.over ? gone() : tell(this, to, kind, body);
  }

  say(kind: string, body: unknown): Receipt {
    return this.over ? gone() : say(this, kind, body);
  }

  announce(kind: string, body: unknown): Receipt {
    return this.over ? gone() : announce(this, kind, body);
  }

  reply(to: Message, body: unknown): Receipt {
    return this.over ? gone() : reply(this, to, body);
  }

  ask(to: string, kind: string, body: unknown, options?: AskOptions): Promise<Answer<never>> {
    return forgiving(this.#ask(to, kind, body, options?.deadlineMs ?? this.host.settings.askMs));
  }

  spawn<C extends Kinds>(agent: Definition<C>, name: string): Spawned<C> {
    return this.over ? gone() : (spawn(this, agent.name, name) as Spawned<C>);
  }

  spawnGroup<C extends Kinds>(agent: Definition<C>, group: string): Spawned<C> {
    return this.over ? gone() : (spawnGroup(this, agent.name, group) as Spawned<C>);
  }

  step<T>(key: string, fn: (info: StepInfo) => T | Promise<T>): Promise<T> {
    return forgiving(
      this.#step().run(
        key,
        fn,
        () => this.signal,
        () => this.#parkingChanged(),
      ),
    );
  }

  sleep(ms: number): Promise<void> {
    return forgiving(this.#sleep(ms));
  }

  finish(result?: unknown): void {
    const { actor } = this;
    if (!(actor.group.isRoot && actor.isAdmin)) {
      this.end = { finished: true, run: undefined };
      return;
    }
    const schema = actor.agent?.result;
    const checked = schema === undefined ? { ok: true as const, value: result } : check(schema, result);
    if (!checked.ok) throw new TroupeError("result_invalid", checked.message);
    this.end = { finished: true, run: { status: "finished", result: encode(checked.value), error: null } };
  }

  history(limit: number): Promise<readonly Message[]> {
    return forgiving(this.#history(limit));
  }

  hear(reply: LogRow): void {
    const token = reply.headers?.re;
    if (token !== undefined) this.#parking?.hear(token, reply);
  }

  /** Steps that are finished but on no commit's way yet; they matter only if the turn is tried again. */
  flushSteps(): void {
    this.#steps?.flush();
  }

  /** Leaves the out-mailbox as it is for the write that ends the turn; later verbs do nothing. */
  close(): void {
    this.over = true;
    this.#parking?.abandon();
  }

  abandon(): void {
    if (this.over) return;
    this.close();
    this.drop();
    this.#abort?.abort(new TroupeError("turn_timeout", `${this.actor.address}: the turn was given up`));
  }

  /** Nothing of what it produced will be sent: room and reservations are given back. */
  drop(): void {
    const write = new Write(this.actor.group, this.actor);
    this.out.releaseInto(write);
    giveBack(write);
  }

  async #ask(to: string, kind: string, body: unknown, deadlineMs: number): Promise<Answer<never>> {
    if (this.over) return gone();
    if (!(deadlineMs >= 0)) throw new TroupeError("config_invalid", `deadlineMs: ${deadlineMs}; milliseconds from 0`);
    return (await this.#park().ask(to, deadlineMs, (headers) => ask(this, to, kind, body, headers))) as Answer<never>;
  }

  async #sleep(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new TroupeError("config_invalid", `sleep(${ms}); milliseconds from 0`);
    if (this.over) throw new TroupeError("turn_timeout", `${this.actor.address}: the turn was given up`);
    await this.#park().sleep(ms);
  }

  async #history(limit: number): Promise<readonly Message[]> {
    const { id, key } = this.actor.group;
    const rows = await this.host.store.history(id, limit);
    return rows.map((row) => messageFrom({ ...row, channel: key }, id));
  }

  #step(): Steps {
    this.#steps ??= new Steps(this);
    return this.#steps;
  }

  #park(): Parking {
    this.#parking ??= new Parking(this, this.#step(), () => this.#parkingChanged());
    return this.#parking;
  }

  #parkingChanged(): void {
    const parked = !this.over && this.#parking?.isWaiting === true && this.#steps?.running === 0;
    if (parked === this.#parked) return;
    this.#parked = parked;
    const now = this.host.clock.monotonic();
    if (parked) this.#parkedAt = now;
    else this.deadline += now - this.#parkedAt;
    this.host.parkingChanged(this.actor, parked);
  }
}

/** A behaviour that does not wait for what it began must not bring the process down when that fails. */
function forgiving<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function gone(): Refusal {
  return refuse("timeout", "this turn is over; nothing of it counts any more");
}
