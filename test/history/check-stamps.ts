import { parseAddress } from "@troupe/core";
import { type MessageHistory, type RunHistory, type Violation, wasCutShort } from "./history.ts";
import { letterKey, type RunIndex } from "./index-of-run.ts";
import { EVERYONE, type Stamp } from "./stamps.ts";

/**
 * What the actors themselves have counted agrees with the logs: nothing was heard twice or late; what a sender counts is
 * there, once; and of what is there, its receiver has heard all that did not become a dead letter.
 */
export function checkStamps(history: RunHistory, index: RunIndex): Violation[] {
  const found: Violation[] = [];
  for (const [receiver, { oddities }] of history.tallies) {
    for (const { stamp, after } of oddities)
      found.push({
        promise: "in order, once",
        detail: `${receiver} heard ${said(stamp)} after ${after.seq}.${after.place}`,
      });
  }
  const mail = stampedMail(history, index);
  return [...found, ...checkSent(history, index, mail), ...checkHeard(history, index, mail)];
}

interface StampedMessage extends MessageHistory {
  readonly stamp: Stamp;
}

/** By `from to`. A message is where its receiver reads it; the admin channel has copies, save what went no further. */
function stampedMail({ messages, deadLetters }: RunHistory, { channels }: RunIndex): Map<string, StampedMessage[]> {
  const buried = new Set(deadLetters.map(({ channel, seq }) => `${channel} ${seq}`));
  const stamped = messages.filter(
    (message): message is StampedMessage =>
      message.stamp !== undefined &&
      (channels.get(message.channel)?.kind === "group" || buried.has(`${message.channel} ${message.seq}`)),
  );
  return Map.groupBy(stamped, ({ stamp }) => `${stamp.from} ${stamp.to}`);
}

function checkSent(history: RunHistory, index: RunIndex, mail: ReadonlyMap<string, StampedMessage[]>): Violation[] {
  const found: Violation[] = [];
  const groups = groupsByName(index);
  for (const [sender, { sent }] of history.tallies) {
    for (const [receiver, count] of Object.entries(sent)) {
      const rows = (mail.get(`${sender} ${receiver}`) ?? []).filter(
        ({ stamp }) => !isUncounted(sender, stamp.seq, groups, index),
      );
      // What is on its way between groups when a run is cut short is in no log.
      if (rows.length === count || (rows.length < count && wasCutShort(history))) continue;
      const promise = rows.length < count ? "nothing lost" : "nothing doubled";
      found.push({
        promise,
        detail: `${sender} has sent ${count} to ${receiver}; the log has ${rows.map(({ stamp }) => said(stamp))}`,
      });
    }
  }
  return found;
}

function checkHeard(history: RunHistory, index: RunIndex, mail: ReadonlyMap<string, StampedMessage[]>): Violation[] {
  const found: Violation[] = [];
  for (const [key, rows] of mail) {
    const [sender = "", receiver = ""] = key.split(" ");
    const tally = history.tallies.get(receiver);
    if (receiver === EVERYONE || tally === undefined) continue;
    const { name } = parseAddress(receiver);
    const heard = tally.heard[sender]?.count ?? 0;
    const live = rows.filter(
      ({ channel, seq }) =>
        index.channels.get(channel)?.kind === "group" && !index.letters.has(letterKey(channel, seq, name)),
    );
    if (heard === live.length || (heard < live.length && wasCutShort(history))) continue;
    const promise = heard < live.length ? "nothing lost" : "nothing doubled";
    found.push({
      promise,
      detail: `${receiver} has heard ${heard} of ${sender}; the log has ${live.map(({ stamp }) => said(stamp))}`,
    });
  }
  return found;
}

/** Whether the turn that handled this message failed for good, or was not over: its sender does not count what left before. */
function isUncounted(
  sender: string,
  seq: number,
  groups: ReadonlyMap<string, number>,
  { letters, members }: RunIndex,
): boolean {
  const { name, group } = parseAddress(sender);
  const channel = groups.get(group) ?? 0;
  const cursor = members.get(channel)?.find((actor) => actor.name === name)?.cursor ?? 0;
  return seq > cursor || letters.has(letterKey(channel, seq, name));
}

function groupsByName({ channels }: RunIndex): ReadonlyMap<string, number> {
  return new Map([...channels.values()].map(({ name, key }) => [name, key]));
}

function said({ from, seq, place }: Stamp): string {
  return `${from} ${seq}.${place}`;
}
