// Messages that can be told apart. Every one says who sent it, and at which place in that sender's life. Both sides keep
// account in their states, so what was lost, doubled or reordered shows in what was committed, whatever the runtime's own
// books say.

/** Of one sender, stamps grow by `seq`, then by `place`. */
export interface Stamp {
  /** The sender's address. */
  readonly from: string;
  /** The receiver's address, or `EVERYONE`. */
  readonly to: string;
  /** Of the message that the sender was handling: the first, if it was a batch. */
  readonly seq: number;
  /** Which of the things sent meanwhile, from 1. */
  readonly place: number;
}

/** The receiver of what is said to a whole group. */
export const EVERYONE = "everyone";

/** An actor's own account, kept in its state. */
export interface Tally {
  /** By receiver: how many messages were accepted. Those of a turn that failed for good are not in it. */
  sent: Record<string, number>;
  /** By sender, and `sender>everyone`: how many messages were handled, and the stamp of the last. */
  heard: Record<string, { count: number; seq: number; place: number }>;
  /** What came twice, or after a later one. */
  oddities: Oddity[];
}

interface Oddity {
  readonly stamp: Stamp;
  readonly after: { readonly seq: number; readonly place: number };
}

export function emptyTally(): Tally {
  return { sent: {}, heard: {}, oddities: [] };
}

/** Call when the message was accepted. */
export function countSent(tally: Tally, { to }: Stamp): void {
  tally.sent[to] = (tally.sent[to] ?? 0) + 1;
}

/** Call for each message that is handled. */
export function countHeard(tally: Tally, stamp: Stamp): void {
  const key = heardKey(stamp);
  const last = tally.heard[key] ?? { count: 0, seq: 0, place: 0 };
  const follows = stamp.seq > last.seq || (stamp.seq === last.seq && stamp.place > last.place);
  if (!follows) tally.oddities.push({ stamp, after: { seq: last.seq, place: last.place } });
  tally.heard[key] = { count: last.count + 1, seq: stamp.seq, place: stamp.place };
}

function heardKey({ from, to }: { readonly from: string; readonly to: string }): string {
  return to === EVERYONE ? `${from}>${EVERYONE}` : from;
}
