import type { Group } from "../actor/actor.ts";
import type { RunLedger } from "../supervisor/run-ledger.ts";

/** What a worker has in memory now, in numbers: for metrics, and for tests that look for leaks. */
export interface Census {
  readonly groups: number;
  /** Unread messages, those of turns in hand included. */
  readonly unread: number;
  /** Turns parked, or waiting to be tried again. */
  readonly waiting: number;
  /** Mail from outside that waits for room. */
  readonly held: number;
  /** Room promised to messages that are not committed yet; messages and bytes. */
  readonly promised: number;
  /** Turns, actors and groups reserved by work that is not committed yet. */
  readonly reserved: number;
  /** Turns that neither wait nor are settled. */
  readonly underWay: number;
  /** Writes that wait for a commit. */
  readonly backlog: number;
}

export function censusOf(groups: Iterable<Group>, underWay: number, backlog: number): Census {
  const count = { groups: 0, unread: 0, waiting: 0, held: 0, promised: 0, reserved: 0 };
  const runs = new Set<RunLedger>();
  for (const group of groups) {
    runs.add(group.run);
    count.groups += 1;
    count.waiting += group.waiting.size;
    count.held += group.held.length;
    count.reserved += Math.abs(group.reservedMembers);
    for (const { mailbox } of group.members.values()) {
      count.unread += mailbox.length;
      count.promised += mailbox.promised;
    }
  }
  for (const run of runs) count.reserved += run.reserved;
  return { ...count, underWay, backlog };
}
