import type { Actor, Group } from "../actor/actor.ts";
import { dueAtOf } from "../actor/due.ts";
import type { Agent } from "../agent.ts";
import { alarmAt } from "../alarm.ts";
import type { WriteRefusal } from "../commit/write.ts";
import { isFault, TroupeError } from "../fault.ts";
import type { LogRow } from "../ports/rows.ts";
import { judge } from "../supervisor/failure.ts";
import { messageId } from "../turn/message-from.ts";
import { Turn } from "../turn/turn.ts";
import { errorText, failedWrite, settledWrite, type TurnWrite } from "../turn/turn-writes.ts";
import { bury, buryAll, loadState, markSuspect } from "./chores.ts";
import { noteDead, noteTurn } from "./turn-events.ts";
import type { TurnRunnerHost } from "./turn-runner-host.ts";

/** How often somebody has to look for turns that are over their time. */
export const CHECK_MS = 1_000;

/** Takes turns and ends them: the effects around the state machine of an actor. */
export class TurnRunner {
  readonly #host: TurnRunnerHost;
  readonly #underWay = new Set<Turn>();
  /** Turns of which something was refused by the store: the rest of them must not be applied. */
  readonly #broken = new WeakMap<object, WriteRefusal>();
  /** Agents that this worker does not know, and has said so. */
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
    if (!actor.isResident) return loadState(this.#host, actor);
    if (this.#isExpired(actor, head))
      return bury(this.#host, actor, [head], "expired", "the time of the question was over before it was handled", () =>
        this.#idle(actor),
      );

    if (!group.run.reserveTurn()) return this.#overTurns(group);
    if (actor.suspect) return markSuspect(this.#host, actor, () => this.#idle(actor));
    if (actor.progress.crashes > this.#host.settings.crashes) return this.#giveUp(actor, head);
    this.#begin(actor, actor.agent, this.#rowsOf(actor, head));
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
        noteTurn(this.#host.traffic, "turn_parked", actor.current, { waitingFor: actor.current.waitingFor });
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

  #open(actor: Actor, rows: readonly LogRow[]): Turn {
    const turn = new Turn(this.#host, actor, rows, messageId(rows[0] as LogRow));
    actor.signal("take");
    actor.current = turn;
    this.#underWay.add(turn);
    this.#host.dispatcher.began();
    if (this.#host.traffic.watched) noteTurn(this.#host.traffic, "turn_taken", turn, { messages: rows.map(messageId) });
    return turn;
  }

  #begin(actor: Actor, agent: Agent, rows: readonly LogRow[]): void {
    const turn = this.#open(actor, rows);
    try {
      const result = agent.turn(agent.batch === undefined ? turn.message : turn.messages, turn);
      if (isThenable(result)) {
        Promise.resolve(result).then(
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
    if (this.#host.traffic.watched) {
      const ms = Math.round(this.#host.clock.monotonic() - turn.startedAt);
      noteTurn(this.#host.traffic, "turn_settled", turn, { ms });
    }
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
    noteTurn(this.#host.traffic, "turn_failed", turn, {
      error: text,
      retryAt: verdict.verdict === "retry" ? verdict.at : undefined,
    });
    const ending = failedWrite(turn, verdict, error);
    // It builds on the parts of the turn that are on their way: should one of them be refused, so is this.
    if (!this.isBroken(turn)) ending.write.turn = turn;
    if (verdict.verdict === "dead") noteDead(this.#host.traffic, actor, turn.rows, "failed", text);
    this.#end(turn, ending);
  }

  #end(turn: Turn, { write, progress, state }: TurnWrite): void {
    const { actor } = turn;
    this.#underWay.delete(turn);
    this.#host.dispatcher.ended();
    const value = state !== null && write.turnRow?.outcome === "done" ? turn.takeState() : undefined;
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
      if (progress.retryAt > 0) this.wait(actor);
      this.#idle(actor);
      noteTurn(this.#host.traffic, "turn_committed", turn, {});
    };
    write.refused = (refusal) => this.#refused(turn, refusal);
    this.#host.write(write);
  }

  #idle(actor: Actor): void {
    actor.current = undefined;
    actor.signal("commit");
    actor.touchedAt = actor.group.touchedAt;
    if (actor.standing === "stopped" || actor.standing === "quarantined") return this.stray(actor);
    this.#host.dispatcher.wake(actor);
  }

  /** New mail for an actor that takes none any more. */
  stray(actor: Actor): void {
    if (actor.phase === "idle") buryAll(this.#host, actor, () => this.#idle(actor));
  }

  #refused(turn: Turn, refusal: WriteRefusal): void {
    const { actor } = turn;
    const { group } = actor;
    group.run.releaseTurn();
    actor.signal("refuse");
    actor.current = undefined;
    noteTurn(this.#host.traffic, "turn_refused", turn, { why: refusal.why });
    if (!group.alive) return;
    actor.resetState();
    const earlier = this.#broken.get(turn);
    if (earlier?.why === "rejected") return this.#quarantine(turn, earlier.error);
    if (refusal.why === "over_limit" && refusal.limit === "turns") return this.#overTurns(group);
    if (refusal.why === "rejected") return this.#quarantine(turn, refusal.error);
    this.#host.dispatcher.wake(actor);
  }

  /** A part of a turn that is still under way was refused: the turn cannot be applied any more. */
  breakTurn(turn: object, refusal: WriteRefusal): void {
    // The first refusal says why; the rest of the turn is refused because of it.
    if (!this.#broken.has(turn)) this.#broken.set(turn, refusal);
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
    const policy = actor.agent?.onFailure === "escalate" ? "escalate" : "stop";
    const ending = failedWrite(turn, { verdict: "dead", policy, restartedAt: [] }, cause);
    const { run } = actor.group;
    const isCharged = run.reserveTurn();
    if (!isCharged) ending.write.turns = 0;
    noteDead(this.#host.traffic, actor, turn.rows, "failed", errorText(cause));
    ending.write.applied = () => {
      if (isCharged) run.releaseTurn();
      actor.standing = "quarantined";
      actor.progress = ending.progress;
      actor.cursor = ending.write.actorRow?.cursor ?? actor.cursor;
      actor.turn += 1;
      this.#idle(actor);
    };
    // If not even this can be stored, the actor stays where it is and is tried again by the next owner.
    ending.write.refused = () => {
      if (isCharged) run.releaseTurn();
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

  /** Gives up a message that too many workers died of. */
  #giveUp(actor: Actor, head: LogRow): void {
    const turn = this.#open(actor, this.#rowsOf(actor, head));
    this.#fail(turn, new TroupeError("turn_crashed", `${actor.progress.crashes} times`));
  }

  #overTurns({ run }: Group): void {
    this.#host.endRun(run, run.overLimit("turns"));
  }

  /** Its mail waits for a worker that knows the agent. */
  #noteUnknown({ definition }: Actor): void {
    if (this.#unknown.has(definition)) return;
    this.#unknown.add(definition);
    this.#host.failed(new TroupeError("agent_unknown", definition));
  }
}

/** Promises of other realms and libraries count as well. */
function isThenable(value: unknown): value is PromiseLike<void> {
  return value instanceof Promise || typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
