import type { Actor } from "../actor/actor.ts";
import { dueAtOf } from "../actor/due.ts";
import { alarmAt } from "../alarm.ts";
import { Write, type WriteRefusal } from "../commit/write.ts";
import { isFault, TroupeError } from "../fault.ts";
import type { Message } from "../message.ts";
import type { Random } from "../ports/random.ts";
import type { LogRow, RunEnd } from "../ports/rows.ts";
import { judge } from "../supervisor/failure.ts";
import type { RunLedger } from "../supervisor/run-ledger.ts";
import type { Traffic, TroupeEvent } from "../traffic.ts";
import { messageId } from "../turn/message-from.ts";
import { buried } from "../turn/notices.ts";
import { Turn } from "../turn/turn.ts";
import type { TurnHost } from "../turn/turn-context.ts";
import { errorText, failedWrite, settledWrite, type TurnWrite } from "../turn/turn-writes.ts";
import type { Dispatcher } from "./dispatcher.ts";

export interface TurnRunnerHost extends TurnHost {
  readonly random: Random;
  readonly traffic: Traffic;
  readonly dispatcher: Dispatcher;
  endRun(run: RunLedger, end: RunEnd): void;
  failed(error: unknown): void;
}

/** Takes turns and ends them: the effects around the state machine of an actor. */
export class TurnRunner {
  readonly #host: TurnRunnerHost;
  readonly #underWay = new Set<Turn>();
  /** Turns of which something was refused by the store: the rest of them must not be applied. */
  readonly #broken = new WeakMap<object, WriteRefusal>();

  readonly #unknown = new Set<string>();

  constructor(host: TurnRunnerHost) {
    this.#host = host;
  }

  isBroken(turn: object | undefined): boolean {
    return turn !== undefined && this.#broken.has(turn);
  }

  take(actor: Actor): void {
    const { group } = actor;
    const head = actor.mailbox.at(0);
    if (actor.phase !== "idle" || actor.standing !== "active" || head === undefined) return;
    if (actor.agent === undefined) return this.#noteUnknown(actor);
    if (!actor.isResident) return this.#loadState(actor);
    if (this.#isExpired(actor, head))
      return this.bury(actor, [head], "expired", "the time of the question was over before it was handled");
    if (actor.suspect) return this.#markSuspect(actor);
    if (actor.progress.crashes > this.#host.settings.crashes) return this.#give(actor);
    if (!group.run.reserveTurn())
      return this.#host.endRun(group.run, overLimit(`turns: ${group.run.limits.turns} taken`));
    this.#begin(actor, this.#rowsOf(actor, head));
  }

  /** Fails what is over its time. */
  checkTime(now: number): void {
    for (const turn of this.#underWay) {
      if (turn.isParked || now < turn.deadline) continue;
      const error = new TroupeError("turn_timeout", `${turn.actor.address}: ${Math.round(now - turn.startedAt)} ms`);
      this.#fail(turn, error);
    }
  }

  /** Turns that neither wait nor are settled. */
  get busy(): number {
    let busy = 0;
    for (const turn of this.#underWay) if (!turn.isParked) busy += 1;
    return busy;
  }

  /** The actor of an abandoned turn is gone; so is the turn. */
  forget(actor: Actor): void {
    const turn = actor.current;
    if (turn instanceof Turn && this.#underWay.delete(turn)) {
      turn.actor.group.run.releaseTurn();
      if (!turn.isParked) this.#host.dispatcher.ended();
    }
  }

  parkingChanged(actor: Actor, parked: boolean): void {
    const { dispatcher } = this.#host;
    if (parked) {
      dispatcher.ended();
      actor.group.waiting.add(actor);
      if (actor.current instanceof Turn)
        this.#emitTurn("turn_parked", actor.current, { waitingFor: actor.current.waitingFor });
      dispatcher.run();
    } else {
      dispatcher.began();
      actor.group.waiting.delete(actor);
    }
  }

  /** An actor that has to wait: for the time of its next try, or (its turn not being in memory) for a reply or a timer. */
  wait(actor: Actor): void {
    const { clock, dispatcher } = this.#host;
    actor.group.waiting.add(actor);
    actor.cancelAlarm?.();
    actor.cancelAlarm = alarmAt(clock, dueAtOf(actor), () => {
      this.goOn(actor);
      dispatcher.run();
    });
  }

  /** The wait is over. */
  goOn(actor: Actor): void {
    actor.cancelAlarm?.();
    actor.cancelAlarm = undefined;
    actor.group.waiting.delete(actor);
    this.#host.dispatcher.wake(actor);
  }

  /** Makes dead letters of messages that no turn will handle. */
  bury(actor: Actor, rows: readonly LogRow[], reason: string, error: string | null): void {
    const { clock, store } = this.#host;
    actor.signal("take");
    actor.signal("fail");
    const write = buried(actor, rows, reason, error, clock.now(), store.shards);
    write.applied = () => {
      this.#emitDead(actor, rows, reason, error);
      actor.cursor = rows[rows.length - 1]?.seq ?? actor.cursor;
      this.#idle(actor);
    };
    write.refused = () => actor.signal("refuse");
    this.#host.write(write);
  }

  #begin(actor: Actor, rows: readonly LogRow[]): void {
    const { agent } = actor;
    if (agent === undefined) return;
    actor.signal("take");
    const turn = new Turn(this.#host, actor, rows, messageId(rows[0] as LogRow));
    actor.current = turn;
    this.#underWay.add(turn);
    this.#host.dispatcher.began();
    this.#emitTurn("turn_taken", turn, { messages: rows.map(messageId) });
    try {
      const messages = turn.messages();
      const result = agent.turn(agent.batch === undefined ? (messages[0] as Message) : messages, turn);
      if (result instanceof Promise) {
        result.then(
          () => this.#settle(turn),
          (error: unknown) => this.#fail(turn, error),
        );
      } else this.#settle(turn);
    } catch (error) {
      this.#fail(turn, error);
    }
  }

  #rowsOf(actor: Actor, head: LogRow): readonly LogRow[] {
    const count = Math.min(actor.progress.open?.messages ?? actor.agent?.batch ?? 1, actor.mailbox.length);
    if (count === 1) return [head];
    const rows: LogRow[] = [];
    for (let place = 0; place < count; place++) rows.push(actor.mailbox.at(place) as LogRow);
    return rows;
  }

  #settle(turn: Turn): void {
    if (turn.over) return;
    turn.close();
    let ending: TurnWrite;
    try {
      ending = settledWrite(turn);
    } catch (error) {
      turn.over = false;
      return this.#fail(turn, error);
    }
    turn.actor.signal("settle");
    this.#emitTurn("turn_settled", turn, { ms: Math.round(this.#host.clock.monotonic() - turn.startedAt) });
    this.#end(turn, ending);
  }

  #fail(turn: Turn, error: unknown): void {
    if (turn.over) return;
    const { clock, random } = this.#host;
    const { actor } = turn;
    turn.flushSteps();
    turn.abandon();
    actor.resetState();
    const verdict = judge({
      attempt: actor.progress.failed + 1,
      retryable: !(error instanceof TroupeError) || error.remedy === "retry",
      policy: actor.agent?.onFailure ?? "resume",
      retry: actor.agent?.retry ?? { attempts: 1, baseMs: 1, maxMs: 1 },
      budget: actor.agent?.restarts ?? { restarts: 0, withinMs: 1 },
      restartedAt: actor.progress.restartedAt,
      now: clock.now(),
      chance: random.next(),
    });
    actor.signal("fail");
    const text = errorText(error);
    this.#emitTurn("turn_failed", turn, { error: text, retryAt: verdict.verdict === "retry" ? verdict.at : undefined });
    const ending = failedWrite(turn, verdict, error);
    if (verdict.verdict === "retry") actor.group.waiting.add(actor);
    else this.#emitDead(actor, turn.rows, "failed", text);
    this.#end(turn, ending);
  }

  #end(turn: Turn, { write, progress, state }: TurnWrite): void {
    const { actor } = turn;
    this.#underWay.delete(turn);
    this.#host.dispatcher.ended();
    const value = turn.stateTouched && state !== null && write.turnRow?.outcome === "done" ? turn.state : undefined;
    write.applied = () => {
      actor.group.run.releaseTurn();
      actor.progress = progress;
      if (write.actorRow !== undefined) {
        const { cursor, turn: next, standing } = write.actorRow;
        if (next !== actor.turn) {
          actor.journal = undefined;
          actor.replies = undefined;
        }
        actor.cursor = cursor;
        actor.turn = next;
        actor.standing = standing;
      }
      if (state !== null) {
        if (value === undefined) actor.keepState(state);
        else actor.keepStateValue(state, value);
      }
      this.#emitTurn("turn_committed", turn, {});
      if (progress.retryAt > 0) this.wait(actor);
      this.#idle(actor);
    };
    write.refused = (refusal) => this.#refused(turn, refusal);
    this.#host.write(write);
  }

  #idle(actor: Actor): void {
    actor.current = undefined;
    actor.signal("commit");
    actor.touchedAt = this.#host.clock.monotonic();
    if (actor.standing === "stopped" || actor.standing === "quarantined") return this.#burySome(actor);
    this.#host.dispatcher.wake(actor);
  }

  /** A stopped actor's mail goes nowhere else. */
  #burySome(actor: Actor): void {
    const rows: LogRow[] = [];
    for (let place = 0; place < actor.mailbox.length; place++) rows.push(actor.mailbox.at(place) as LogRow);
    if (rows.length > 0) this.bury(actor, rows, actor.standing, `the actor is ${actor.standing}`);
  }

  /** New mail for an actor that takes none any more. */
  stray(actor: Actor): void {
    if (actor.phase === "idle") this.#burySome(actor);
  }

  #refused(turn: Turn, refusal: WriteRefusal): void {
    const { actor } = turn;
    const { group } = actor;
    group.run.releaseTurn();
    actor.signal("refuse");
    actor.current = undefined;
    this.#emitTurn("turn_refused", turn, { why: refusal.why });
    if (!group.alive) return;
    actor.resetState();
    const earlier = this.#broken.get(turn);
    if (earlier?.why === "rejected") return this.#quarantine(turn, earlier.error);
    if (refusal.why === "over_limit" && refusal.limit === "turns")
      return this.#host.endRun(group.run, overLimit(`turns: ${group.run.limits.turns} taken`));
    if (refusal.why === "rejected") return this.#quarantine(turn, refusal.error);
    this.#host.dispatcher.wake(actor);
  }

  /** A part of a turn that is still under way was refused: the turn cannot be applied any more. */
  breakTurn(turn: object, refusal: WriteRefusal): void {
    this.#broken.set(turn, refusal);
    if (!(turn instanceof Turn) || !this.#underWay.has(turn)) return;
    this.#fail(
      turn,
      refusal.why === "rejected" ? refusal.error : new Error(`a part of the turn was refused: ${refusal.why}`),
    );
  }

  #quarantine(turn: Turn, error: unknown): void {
    const { actor } = turn;
    if (turn.rows.length === 0 || actor.phase !== "idle") return;
    actor.signal("take");
    actor.signal("fail");
    const cause = isFault(error, "commit_rejected")
      ? error
      : new TroupeError("commit_rejected", errorText(error), error);
    const ending = failedWrite(turn, { verdict: "dead", then: "escalate", restartedAt: [] }, cause);
    if (!actor.group.run.reserveTurn()) ending.write.turns = 0;
    this.#emitDead(actor, turn.rows, "failed", errorText(cause));
    ending.write.applied = () => {
      actor.group.run.releaseTurn();
      actor.standing = "quarantined";
      actor.progress = ending.progress;
      actor.cursor = ending.write.actorRow?.cursor ?? actor.cursor;
      actor.turn += 1;
      this.#idle(actor);
    };
    // If not even this can be stored, the actor stays where it is and is tried again by the next owner.
    ending.write.refused = () => {
      actor.group.run.releaseTurn();
      actor.signal("refuse");
      actor.standing = "quarantined";
    };
    this.#host.write(ending.write);
  }

  #isExpired(actor: Actor, head: LogRow): boolean {
    const expiresAt = head.headers?.expiresAt;
    return (
      expiresAt !== undefined &&
      actor.progress.open === undefined &&
      actor.progress.failed === 0 &&
      expiresAt < this.#host.clock.now()
    );
  }

  /** Puts on record that a worker may have died of this turn, before it is tried again. */
  #markSuspect(actor: Actor): void {
    actor.suspect = false;
    if (!actor.group.run.reserveTurn())
      return this.#host.endRun(actor.group.run, overLimit(`turns: ${actor.group.run.limits.turns} taken`));
    const progress = { ...actor.progress, crashes: actor.progress.crashes + 1 };
    actor.signal("take");
    actor.signal("fail");
    const write = new Write(actor.group, actor);
    write.turns = 1;
    write.actorRow = actor.rowWith({}, progress);
    write.applied = () => {
      actor.group.run.releaseTurn();
      actor.progress = progress;
      this.#idle(actor);
    };
    write.refused = () => {
      actor.group.run.releaseTurn();
      actor.signal("refuse");
      this.#host.dispatcher.wake(actor);
    };
    this.#host.write(write);
  }

  /** Gives up a message that too many workers died of. */
  #give(actor: Actor): void {
    const head = actor.mailbox.at(0);
    if (head === undefined) return;
    if (!actor.group.run.reserveTurn()) return this.#host.endRun(actor.group.run, overLimit("turns"));
    const turn = new Turn(this.#host, actor, this.#rowsOf(actor, head), messageId(head));
    actor.signal("take");
    actor.current = turn;
    this.#underWay.add(turn);
    this.#host.dispatcher.began();
    this.#fail(turn, new TroupeError("turn_crashed", `${actor.progress.crashes} times`));
  }

  /** Its mail waits for a worker that knows the agent. */
  #noteUnknown({ definition }: Actor): void {
    if (this.#unknown.has(definition)) return;
    this.#unknown.add(definition);
    this.#host.failed(new TroupeError("agent_unknown", definition));
  }

  #loadState(actor: Actor): void {
    const { store, dispatcher } = this.#host;
    actor.queued = true;
    store.loadState(actor.group.key, actor.name).then(
      (state) => {
        actor.queued = false;
        if (!actor.group.alive) return;
        if (state !== undefined) actor.keepState(state);
        dispatcher.wake(actor);
        dispatcher.run();
      },
      (error: unknown) => {
        actor.queued = false;
        this.#host.failed(error);
        this.#host.clock.after(1_000, () => {
          dispatcher.wake(actor);
          dispatcher.run();
        });
      },
    );
  }

  #emitTurn<
    T extends "turn_taken" | "turn_settled" | "turn_failed" | "turn_committed" | "turn_refused" | "turn_parked",
  >(
    type: T,
    { actor }: Turn,
    more: Omit<Extract<TroupeEvent, { type: T }>, "type" | "run" | "actor" | "turn" | "attempt" | "state">,
  ): void {
    const { traffic } = this.#host;
    if (!traffic.watched) return;
    const { group, address, turn, progress, phase } = actor;
    traffic.emit({
      type,
      run: group.run.id,
      actor: address,
      turn,
      attempt: progress.failed + 1,
      state: phase,
      ...more,
    } as unknown as TroupeEvent);
  }

  #emitDead(actor: Actor, rows: readonly LogRow[], reason: string, error: string | null): void {
    const { traffic } = this.#host;
    if (!traffic.watched) return;
    for (const row of rows)
      traffic.emit({
        type: "dead_letter",
        run: actor.group.run.id,
        actor: actor.address,
        message: messageId(row),
        reason,
        error: error ?? undefined,
      });
  }
}

function overLimit(what: string): RunEnd {
  return { status: "failed", result: null, error: `limit_reached: ${what}` };
}
