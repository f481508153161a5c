// Messages that can be told apart: every one says who sent it and how many that sender had sent to this receiver before.
// Both sides keep count in their states, so what was lost, doubled or reordered shows in what was committed,
// whatever the runtime's own books say.

/** `from` is the sender's address; `n` counts from 1 what it sent to this receiver, or to `EVERYONE`. */
export interface Stamp {
  readonly from: string;
  readonly to: string;
  readonly n: number;
}

/** The receiver of what is said to a whole group. */
export const EVERYONE = "everyone";

/** An actor's own account, kept in its state. */
export interface Tally {
  /** By receiver: the number of the last message that was accepted. */
  sent: Record<string, number>;
  /** By sender, and `sender>everyone`: the number of the last message that was handled. */
  heard: Record<string, number>;
  /** Where a number did not follow the last one. */
  oddities: Oddity[];
}

export interface Oddity {
  readonly from: string;
  readonly to: string;
  readonly expected: number;
  readonly heard: number;
}

export function emptyTally(): Tally {
  return { sent: {}, heard: {}, oddities: [] };
}

/** The stamp for the next message to this receiver; call `count` if it is accepted. */
export function nextStamp(tally: Tally, from: string, to: string): Stamp {
  return { from, to, n: (tally.sent[to] ?? 0) + 1 };
}

export function countSent(tally: Tally, { to, n }: Stamp): void {
  tally.sent[to] = n;
}

/** Counts a message as handled. Of what is said to everyone the first number may be any: the receiver may be new. */
export function countHeard(tally: Tally, { from, to, n }: Stamp): void {
  const key = heardKey({ from, to });
  const last = tally.heard[key];
  const expected = (last ?? 0) + 1;
  const fits = n === expected || (last === undefined && to === EVERYONE);
  if (!fits) tally.oddities.push({ from, to, expected, heard: n });
  tally.heard[key] = Math.max(n, last ?? 0);
}

export function heardKey({ from, to }: { readonly from: string; readonly to: string }): string {
  return to === EVERYONE ? `${from}>${EVERYONE}` : from;
}
