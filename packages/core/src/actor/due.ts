import { WAKE_ON_MAIL } from "../ports/rows.ts";
import type { Actor } from "./actor.ts";
import { askToken, type OpenWait, openWaits } from "./journal.ts";

/** When a waiting actor goes on by itself: milliseconds since 1970. */
export function dueAtOf(actor: Actor): number {
  // What a turn in memory waits for is less than its journal has: answered questions and past sleeps are in there too.
  if (actor.current?.isParked) return actor.current.dueAt;
  if (actor.progress.retryAt > 0) return actor.progress.retryAt;
  let due = WAKE_ON_MAIL;
  for (const wait of waitsOf(actor)) due = Math.min(due, wait.dueAt);
  return due;
}

/** What the turn in hand waited for when it last parked, as far as it is open. */
export function waitsOf({ progress, journal }: Actor): readonly OpenWait[] {
  const keys = progress.open?.waits ?? [];
  return journal === undefined ? [] : openWaits(journal).filter(({ key }) => keys.includes(key));
}

/** True for an actor just loaded whose turn in hand has nothing to do yet: each of its waits is open, and not over. */
export function isStillParked(actor: Actor, now: number): boolean {
  const waits = waitsOf(actor);
  return (
    waits.length > 0 &&
    waits.every((wait) => wait.dueAt > now && actor.replies?.has(askToken(actor.turn, wait.key)) !== true)
  );
}
