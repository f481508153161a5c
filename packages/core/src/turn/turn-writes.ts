import type { Actor } from "../actor/actor.ts";
import { NO_PROGRESS, type Progress } from "../actor/progress.ts";
import { encode } from "../codec.ts";
import { Write } from "../commit/write.ts";
import { isFault, TroupeError } from "../fault.ts";
import type { LogRow, TurnOutcome, TurnRow } from "../ports/rows.ts";
import type { FailureReport } from "../supervisor/escalation.ts";
import type { Verdict } from "../supervisor/failure.ts";
import { messageId } from "./message-from.ts";
import { buried, escalate } from "./notices.ts";
import { closedProgress, withSpawned } from "./open-progress.ts";
import type { Turn } from "./turn.ts";

/** A write that ends a turn, and what the actor is once it is durable. */
export interface TurnWrite {
  readonly write: Write;
  readonly progress: Progress;
  /** The new state; null where it stays as it was. */
  readonly state: Uint8Array | null;
}

/** The write of a turn whose behaviour returned. Throws `state_too_large`, `value_unserializable`. */
export function settledWrite(turn: Turn): TurnWrite {
  const { actor, rows } = turn;
  const state = turn.stateTouched ? changedState(turn) : null;
  const progress = closedProgress(withSpawned(actor.progress, turn.out));
  const write = new Write(actor.group, actor);
  const stopping = turn.end !== undefined && turn.end.run === undefined;
  turn.out.releaseInto(write);
  write.turn = turn;
  write.turns = 1;
  write.consumed = rows.length;
  write.turnRow = turnRow(turn, "done", null);
  write.actorRow = actor.rowWith(
    { cursor: lastSeq(rows), turn: actor.turn + 1, state, standing: stopping ? "stopped" : actor.standing },
    progress,
  );
  if (stopping) write.stopped = 1;
  if (turn.end?.run !== undefined) write.end = turn.end.run;
  return { write, progress, state };
}

/** The write of a turn that failed: nothing of its output, but the supervisor's verdict. */
export function failedWrite(turn: Turn, verdict: Verdict, error: unknown): TurnWrite {
  const { actor } = turn;
  const text = errorText(error);
  if (verdict.verdict === "retry") {
    const write = new Write(actor.group, actor);
    const progress: Progress = { ...actor.progress, failed: actor.progress.failed + 1, retryAt: verdict.at };
    write.turns = 1;
    write.turnRow = turnRow(turn, "failed", text);
    write.actorRow = actor.rowWith({}, progress);
    return { write, progress, state: null };
  }
  const dead = buried(actor, turn.rows, "failed", text, turn.host.clock.now(), turn.host.store.shards);
  const state = verdict.policy === "restart" ? initialState(actor) : null;
  const policy = verdict.policy === "restart" && state === null ? "stop" : verdict.policy;
  const progress: Progress = {
    ...NO_PROGRESS,
    children: actor.progress.children,
    groups: actor.progress.groups,
    restartedAt: verdict.restartedAt,
  };
  const stopping = policy === "stop" || policy === "escalate";
  const standing = isFault(error, "commit_rejected") ? "quarantined" : stopping ? "stopped" : actor.standing;
  dead.turns = 1;
  dead.turnRow = turnRow(turn, "dead", text);
  dead.actorRow = actor.rowWith({ cursor: lastSeq(turn.rows), turn: actor.turn + 1, state, standing }, progress);
  if (standing !== "active") dead.stopped = 1;
  if (policy === "escalate")
    escalate(
      dead,
      actor,
      reportOf(actor, turn.rows[0] as LogRow, text, actor.progress.failed + 1),
      turn.host.clock.now(),
      turn.host.store.shards,
    );
  return { write: dead, progress, state };
}

/** Null where even that fails: such an actor cannot be restarted. */
function initialState({ agent }: Actor): Uint8Array | null {
  try {
    return agent === undefined ? null : encode(agent.initial());
  } catch {
    return null;
  }
}

function reportOf(actor: Actor, row: LogRow, error: string, attempts: number): FailureReport {
  return { actor: actor.address, message: messageId(row), kind: row.kind, error, attempts };
}

function changedState(turn: Turn): Uint8Array | null {
  const { actor, host } = turn;
  const bytes = encode(turn.state);
  if (bytes.length > host.settings.stateBytes) {
    throw new TroupeError(
      "state_too_large",
      `${actor.address} has ${bytes.length} bytes; at most ${host.settings.stateBytes}. Keep what grows elsewhere and remember where`,
    );
  }
  return sameBytes(bytes, actor.committedState) ? null : bytes;
}

function sameBytes(a: Uint8Array, b: Uint8Array | null): boolean {
  if (b === null || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function turnRow(turn: Turn, outcome: TurnOutcome, error: string | null): TurnRow {
  const { actor, rows, host } = turn;
  const ms = host.clock.monotonic() - turn.startedAt;
  return {
    channel: actor.group.key,
    actor: actor.name,
    turn: actor.turn,
    attempt: actor.progress.failed + 1,
    firstSeq: rows[0]?.seq ?? 0,
    lastSeq: lastSeq(rows),
    startedAt: turn.now,
    ms: Math.round(ms),
    outcome,
    error,
  };
}

function lastSeq(rows: readonly LogRow[]): number {
  return rows[rows.length - 1]?.seq ?? 0;
}

/** Anything can be thrown, and not everything can be shown. */
function shown(error: unknown): string {
  try {
    if (error instanceof TroupeError) return `${error.code}: ${error.message}`;
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "an error that cannot be shown";
  }
}

/** An error as one line for the audit. */
export function errorText(error: unknown): string {
  const text = shown(error);
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
}
