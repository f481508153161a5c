import type { ChannelName } from "../address.ts";
import type { ChannelKey, InboxRow } from "../ports/rows.ts";
import type { ChannelSnapshot } from "../ports/store.ts";
import type { RunLedger } from "../supervisor/run-ledger.ts";

/** A channel in memory: a group with its members, or a run's admin channel, which has none. */
export class Channel<Member> {
  readonly key: ChannelKey;
  readonly id: ChannelName;
  readonly kind: "group" | "admin";
  readonly shard: number;
  readonly run: RunLedger;
  readonly depth: number;
  /** Name of the admin. */
  readonly admin: string;
  /** Who besides admins may write to the admin, and get mail from it. */
  readonly spawner: string | null;
  readonly members = new Map<string, Member>();
  /** Groups spawned by members, by name, with the agent of their admin. */
  readonly childGroups = new Map<string, string>();
  /** Members parked, or waiting to be retried. */
  readonly waiting = new Set<Member>();
  /** Mail from outside that found a full mailbox; it is still in the inbox. */
  readonly held: InboxRow[] = [];
  /** Seq of the newest committed message. */
  head: number;
  /** What the store was last told. */
  wakeAt: number | null;
  /** Unread messages over all members, those of turns in hand included. */
  work = 0;
  /** Writes on their way to the store. */
  writes = 0;
  /** Members promised to spawning turns. */
  reservedMembers = 0;
  /** Monotonic milliseconds. */
  touchedAt = 0;
  /** True while its shard is being given back: what is under way ends, and nothing begins. */
  leaving = false;
  /** False once the shard is lost, the run has ended or the group has left memory: nothing may come of it any more. */
  alive = true;

  constructor(snapshot: ChannelSnapshot, run: RunLedger) {
    this.key = snapshot.key;
    this.id = snapshot.name;
    this.kind = snapshot.kind;
    this.shard = snapshot.shard;
    this.run = run;
    this.depth = snapshot.depth;
    this.admin = snapshot.admin;
    this.spawner = snapshot.spawner;
    this.head = snapshot.head;
    this.wakeAt = snapshot.wakeAt;
  }

  get isRoot(): boolean {
    return this.id === this.run.id;
  }
}
