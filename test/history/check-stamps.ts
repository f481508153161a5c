import { type RunHistory, type Violation, wasCutShort } from "./history.ts";
import type { RunIndex } from "./index-of-run.ts";
import { EVERYONE, type Oddity } from "./stamps.ts";

/**
 * What the actors themselves have counted: nothing heard twice or late, and every number that was passed over, or that
 * nobody has come to yet, belongs to a dead letter (or to a run that ended before).
 */
export function checkStamps(history: RunHistory, index: RunIndex): Violation[] {
  const letters = lettersOf(history, index);
  const over = wasCutShort(history);
  const found: Violation[] = [];
  const note = (promise: string, detail: string) => found.push({ promise, detail });
  for (const [receiver, tally] of history.tallies) {
    for (const oddity of tally.oddities) checkOddity(receiver, oddity, letters, note);
  }
  for (const [sender, { sent }] of history.tallies) {
    for (const [receiver, last] of Object.entries(sent)) {
      const tally = history.tallies.get(receiver);
      if (receiver === EVERYONE || tally === undefined) continue;
      const heard = tally.heard[sender] ?? 0;
      if (heard > last) note("sent before heard", `${receiver} heard ${heard} of ${sender}, which sent ${last}`);
      const missing = numbers(heard + 1, last).filter((n) => !letters.has(letterOf(sender, receiver, n)));
      if (missing.length > 0 && !over)
        note("nothing lost", `${receiver} has not heard ${missing} of ${sender}, and there is no letter`);
    }
  }
  return [...found, ...strangers(history)];
}

function checkOddity(
  receiver: string,
  { from, to, expected, heard }: Oddity,
  letters: ReadonlySet<string>,
  note: (promise: string, detail: string) => void,
): void {
  if (heard < expected)
    return note("in order, once", `${receiver} heard ${heard} of ${from} when it expected ${expected}`);
  const key = to === EVERYONE ? `${receiver} by ${EVERYONE}` : receiver;
  const missing = numbers(expected, heard - 1).filter((n) => !letters.has(letterOf(from, key, n)));
  if (missing.length > 0) note("nothing lost", `${receiver} never heard ${missing} of ${from}, and there is no letter`);
}

/** What was heard must have been sent, in the log as well. */
function strangers(history: RunHistory): Violation[] {
  const { messages, tallies } = history;
  const sent = new Map<string, number>();
  for (const { stamp } of messages) {
    if (stamp === undefined) continue;
    const key = `${stamp.from} ${stamp.to}`;
    sent.set(key, Math.max(sent.get(key) ?? 0, stamp.n));
  }
  const found: Violation[] = [];
  for (const [sender, tally] of tallies) {
    for (const [receiver, n] of Object.entries(tally.sent)) {
      const logged = sent.get(`${sender} ${receiver}`) ?? 0;
      // What is on its way between groups when the run ends is in no log.
      if (logged > n || (logged < n && !wasCutShort(history)))
        found.push({ promise: "logged", detail: `${sender} has sent ${n} to ${receiver}; the log has ${logged}` });
    }
  }
  return found;
}

function lettersOf({ deadLetters }: RunHistory, index: RunIndex): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { channel, seq, actor } of deadLetters) {
    const stamp = index.messages.get(channel)?.[seq - 1]?.stamp;
    if (stamp === undefined) continue;
    const address = actor.includes("@") ? actor : `${actor}@${index.channels.get(channel)?.name}`;
    found.add(letterOf(stamp.from, stamp.to === EVERYONE ? `${address} by ${EVERYONE}` : address, stamp.n));
  }
  return found;
}

function letterOf(from: string, to: string, n: number): string {
  return `${from} ${to} ${n}`;
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
}
