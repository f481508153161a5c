import type { Actor } from "../actor/actor.ts";
import type { LogRow } from "../ports/rows.ts";
import type { Traffic, TroupeEvent } from "../traffic.ts";
import { messageId } from "../turn/message-from.ts";
import type { Turn } from "../turn/turn.ts";

type TurnEventType = "turn_taken" | "turn_settled" | "turn_failed" | "turn_committed" | "turn_refused" | "turn_parked";

type Particulars<T> = Omit<Extract<TroupeEvent, { type: T }>, "type" | "run" | "actor" | "turn" | "attempt" | "state">;

/** Tells who watches what became of a turn, with the state that its actor is in now. */
export function noteTurn<T extends TurnEventType>(
  traffic: Traffic,
  type: T,
  turn: Turn,
  particulars: Particulars<T>,
): void {
  if (!traffic.watched) return;
  const { group, address, phase } = turn.actor;
  const event = { type, run: group.run.id, actor: address, turn: turn.number, attempt: turn.attempt, state: phase };
  traffic.emit({ ...event, ...particulars } as unknown as TroupeEvent);
}

/** Tells who watches that no turn will handle these messages. */
export function noteDead(
  traffic: Traffic,
  actor: Actor,
  rows: readonly LogRow[],
  reason: string,
  error: string | null,
): void {
  if (!traffic.watched) return;
  const { address } = actor;
  const run = actor.group.run.id;
  for (const row of rows) {
    traffic.emit({
      type: "dead_letter",
      run,
      actor: address,
      message: messageId(row),
      reason,
      error: error ?? undefined,
    });
  }
}
