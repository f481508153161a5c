import {
  type ActorHistory,
  type ChannelHistory,
  type MessageHistory,
  type RunHistory,
  type TurnHistory,
  type Violation,
  wasCutShort,
} from "./history.ts";
import { actorKey, letterKey, type RunIndex } from "./index-of-run.ts";

/**
 * Every message was handled once, or is a dead letter; or, if the run was cut short, was not handled at all.
 * A turn and a letter for the same message go together only if the turn failed for the last time.
 */
export function checkHandling(history: RunHistory, index: RunIndex): Violation[] {
  const found: Violation[] = [];
  const { waiting } = history;
  const over = wasCutShort(history);
  if (!over && waiting > 0) found.push({ promise: "nothing lost", detail: `${waiting} messages wait in the inbox` });
  for (const [key, members] of index.members) {
    const channel = index.channels.get(key);
    if (channel === undefined) continue;
    const mail = mailOf(index.messages.get(key) ?? [], members);
    for (const actor of members) found.push(...checkActor(channel, actor, mail.get(actor.name) ?? [], index, over));
  }
  return found;
}

/** By actor: what is for it, by seq. */
function mailOf(messages: readonly MessageHistory[], members: readonly ActorHistory[]): Map<string, MessageHistory[]> {
  const mail = new Map<string, MessageHistory[]>(members.map(({ name }) => [name, []]));
  for (const message of messages) {
    if (message.isReply) continue;
    if (message.recipient !== null) mail.get(message.recipient)?.push(message);
    else for (const actor of members) if (isFor(actor, message)) mail.get(actor.name)?.push(message);
  }
  return mail;
}

/** What is said to everyone is for every member that takes the kind, save the speaker and those who have stopped. */
function isFor({ name, born, takes, standing }: ActorHistory, { seq, sender, kind }: MessageHistory): boolean {
  if (sender === name || !takes.has(kind) || born === undefined || seq <= born) return false;
  return standing === "active";
}

function checkActor(
  { key, name }: ChannelHistory,
  actor: ActorHistory,
  mail: readonly MessageHistory[],
  index: RunIndex,
  over: boolean,
): Violation[] {
  const found: Violation[] = [];
  const turns = (index.turns.get(actorKey(key, actor.name)) ?? []).filter(({ outcome }) => outcome !== "failed");
  const note = (promise: string, message: MessageHistory, what: string) =>
    found.push({ promise, detail: `${name}: ${message.kind} ${message.seq} to ${actor.name} ${what}` });
  let place = 0;
  for (const message of mail) {
    while ((turns[place]?.lastSeq ?? Infinity) < message.seq) place += 1;
    const handled = coversOf(turns, place, message.seq);
    const letter = index.letters.has(letterKey(key, message.seq, actor.name));
    if (handled.length > 1) note("handled once", message, `was handled in turns ${handled.map(({ turn }) => turn)}`);
    if (handled.some(({ outcome }) => outcome === "done") && letter)
      note("handled once", message, "was handled and is a dead letter");
    if (handled.some(({ outcome }) => outcome === "dead") && !letter)
      note("nothing lost", message, "failed without a letter");
    if (handled.length > 0 || letter) continue;
    if (message.seq <= actor.cursor) note("nothing lost", message, `was passed over; the cursor is at ${actor.cursor}`);
    else if (!over) note("nothing lost", message, "was never handled");
  }
  return found;
}

/** Turns are by number; while their messages are in order as well, those that hold one lie side by side. */
function coversOf(turns: readonly TurnHistory[], from: number, seq: number): readonly TurnHistory[] {
  const covers: TurnHistory[] = [];
  for (let place = Math.max(0, from - 1); place < turns.length; place++) {
    const turn = turns[place] as TurnHistory;
    if (turn.firstSeq > seq && place > from) break;
    if (turn.firstSeq <= seq && seq <= turn.lastSeq) covers.push(turn);
  }
  return covers;
}
