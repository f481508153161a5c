import type { Actor, Group } from "../actor/actor.ts";
import { Write } from "../commit/write.ts";

/** Rows of its channel that an idle member's cursor may lie behind. */
const FAR_BEHIND = 256;

/** Groups in which nothing has happened since `before` (monotonic) and nothing is to happen now; parked turns may leave memory. */
export function quietGroups(groups: Iterable<Group>, before: number): ReadonlySet<Group> {
  const quiet = new Set<Group>();
  for (const group of groups) {
    if (group.touchedAt > before || group.writes > 0 || group.held.length > 0) continue;
    if ([...group.members.values()].every((actor) => isQuiet(group, actor))) quiet.add(group);
  }
  return quiet;
}

/** Members that have been idle since `before` leave memory, but for their place in the group. */
export function dropIdleStates(group: Group, before: number): void {
  for (const actor of group.members.values()) {
    if (actor.phase === "idle" && actor.mailbox.length === 0 && actor.touchedAt < before) actor.dropState();
  }
}

/**
 * Moves the cursors of idle members past talk that was not for them: else the next load would read all of it, and a
 * sweep could not remove it.
 */
export function catchUpWrites(group: Group): readonly Write[] {
  const writes: Write[] = [];
  for (const actor of group.members.values()) {
    if (actor.phase !== "idle" || actor.mailbox.length > 0 || group.head - actor.cursor < FAR_BEHIND) continue;
    const write = new Write(group, actor);
    actor.cursor = group.head;
    write.actorRow = actor.rowWith({}, actor.progress);
    writes.push(write);
  }
  return writes;
}

function isQuiet(group: Group, actor: Actor): boolean {
  if (group.waiting.has(actor)) return actor.current === undefined || actor.current.isParked;
  return actor.phase === "idle" && (actor.mailbox.length === 0 || actor.agent === undefined);
}

/** Turns are under way, or writes on their way to the store. */
export function isAtWork(group: Group): boolean {
  return (
    group.writes > 0 || [...group.members.values()].some((actor) => actor.phase !== "idle" && !group.waiting.has(actor))
  );
}
