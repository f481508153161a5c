import { NO_PROGRESS, type Progress } from "../actor/progress.ts";
import type { TurnContext } from "./turn-context.ts";

/** The actor's progress with the turn in hand on record: what it took, all it did so far, and what it waits for. */
export function openProgress({ actor, rows, out }: TurnContext, waits: readonly string[]): Progress {
  return { ...withSpawned(actor.progress, out), retryAt: 0, open: { messages: rows.length, released: out.ops, waits } };
}

/** The progress once the turn in hand is over: what concerned it alone is forgotten. */
export function closedProgress(progress: Progress): Progress {
  if (progress === NO_PROGRESS) return progress;
  return { ...progress, failed: 0, retryAt: 0, crashes: 0, open: undefined };
}

/** The progress with what is in the out-mailbox counted as spawned. */
export function withSpawned(progress: Progress, out: TurnContext["out"]): Progress {
  if (out.members.length === 0 && out.groups.length === 0) return progress;
  const groups = { ...progress.groups };
  for (const group of out.groups) groups[group.name] = group.agent.name;
  return { ...progress, children: progress.children + out.members.length + out.groups.length, groups };
}
