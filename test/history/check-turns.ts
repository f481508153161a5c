import { addressOf } from "@troupe/core";
import type { ActorHistory, RunHistory, TurnHistory, Violation } from "./history.ts";
import { actorKey, type RunIndex } from "./index-of-run.ts";

/** An actor's turns follow each other: by number, by what they handled, and each with attempts that end with its last. */
export function checkTurns({ actors }: RunHistory, index: RunIndex): Violation[] {
  const found: Violation[] = [];
  for (const actor of actors) {
    const group = index.channels.get(actor.channel)?.name ?? String(actor.channel);
    const turns = index.turns.get(actorKey(actor.channel, actor.name)) ?? [];
    for (const detail of [...breaksBetween(turns), ...breaksAtTheEnd(actor, turns)])
      found.push({ promise: "turns in order", detail: `${addressOf(actor.name, group)}: ${detail}` });
  }
  return found;
}

function breaksBetween(turns: readonly TurnHistory[]): string[] {
  const breaks: string[] = [];
  for (let place = 1; place < turns.length; place++) {
    const [before, after] = [turns[place - 1] as TurnHistory, turns[place] as TurnHistory];
    const what = `turn ${after.turn}.${after.attempt} follows ${before.turn}.${before.attempt} (${before.outcome})`;
    if (before.outcome === "failed" ? after.turn < before.turn : after.turn <= before.turn) breaks.push(what);
    else if (after.turn === before.turn && after.attempt !== before.attempt + 1) breaks.push(what);
    else if (after.turn === before.turn ? after.firstSeq !== before.firstSeq : after.firstSeq <= before.lastSeq)
      breaks.push(`${what} with messages ${after.firstSeq} after ${before.firstSeq} to ${before.lastSeq}`);
  }
  return breaks;
}

function breaksAtTheEnd(actor: ActorHistory, turns: readonly TurnHistory[]): string[] {
  const last = turns.at(-1);
  if (last === undefined || last.outcome === "failed") return [];
  const breaks: string[] = [];
  if (actor.turn <= last.turn) breaks.push(`its next turn is ${actor.turn}, and ${last.turn} is over`);
  if (actor.cursor < last.lastSeq) breaks.push(`its cursor is at ${actor.cursor}, and ${last.lastSeq} was handled`);
  return breaks;
}
