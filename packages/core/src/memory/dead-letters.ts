import { type RunId, senderAddress } from "../address.ts";
import type { DeadLetter } from "../ports/rows.ts";
import { putInInbox } from "./inbox.ts";
import type { MemoryState, StoredDeadLetter } from "./state.ts";

export function deadLetters(state: MemoryState, run: RunId | undefined, limit: number): DeadLetter[] {
  const letters = [...state.deadLetters].filter(([, letter]) => run === undefined || letter.channel.runId === run);
  const newest = letters.reverse().sort(([, one], [, other]) => other.row.at - one.row.at);
  return newest.slice(0, limit).map(([id, letter]) => describe(id, letter));
}

export function replay(state: MemoryState, id: string): boolean {
  const letter = state.deadLetters.get(id);
  if (!letter) return false;
  const { row, message, channel } = letter;
  const run = state.runs.get(channel.runId);
  if (run?.status !== "running" && run?.status !== "quiescent") return false;
  run.status = "running";
  run.endedAt = null;
  putInInbox(state, {
    shard: channel.shard.index,
    key: `replay:${id}`,
    run: channel.runId,
    channel: channel.name,
    sender: senderAddress(message.sender, channel.name),
    recipient: row.actor,
    kind: message.kind,
    body: message.body,
    cause: null,
    at: state.clock.now(),
    headers: null,
  });
  state.deadLetters.delete(id);
  return true;
}

function describe(id: string, { row, message, channel }: StoredDeadLetter): DeadLetter {
  return { ...row, id, group: channel.name, sender: message.sender, kind: message.kind, body: message.body };
}
