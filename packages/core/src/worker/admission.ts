import { type Actor, adminOfChild, type Group } from "../actor/actor.ts";
import {
  type ChannelName,
  type GroupId,
  isAdminChannel,
  OUTSIDE,
  parseAddress,
  type RunId,
  shardOf,
} from "../address.ts";
import { decode } from "../codec.ts";
import { type Outgoing, Write } from "../commit/write.ts";
import { type InboxRow, WAKE_ON_MAIL } from "../ports/rows.ts";
import type { Due, DueChannel, Store } from "../ports/store.ts";
import type { RefusalReason } from "../refusal.ts";
import type { Settings } from "../settings.ts";
import { FAILURE, type FailureReport, takesFailures } from "../supervisor/escalation.ts";
import { escalate, undeliverable } from "../turn/notices.ts";
import { packFor, takes } from "../turn/receive.ts";
import type { Residency } from "./residency.ts";

export interface AdmissionHost {
  readonly store: Store;
  readonly settings: Settings;
  readonly residency: Residency;
  now(): number;
  owned(): readonly number[];
  write(write: Write): void;
  failed(error: unknown): void;
}

const POLL_LIMIT = 2_000;
const EVERYTHING = 1_000_000;

/**
 * Lets mail from outside a shard into its channels, in the order each sender posted it. A message whose receiver has
 * no room stays in the inbox; one that can never be delivered becomes a dead letter.
 */
export class Admission {
  readonly #host: AdmissionHost;
  /** Keys that are on their way here, or were admitted while a poll was reading. */
  readonly #known = new Set<string>();
  readonly #queues = new Map<ChannelName, InboxRow[]>();
  /** For each read under way, what was admitted meanwhile. */
  readonly #admittedMeanwhile = new Set<Set<string>>();
  /** Shards with mail in the inbox that is not known here, and since when: nothing posted later may overtake it. */
  readonly #unread = new Map<number, number>();
  #unreadMarks = 0;
  /** Groups with mail that is held, and for which of their members. */
  readonly #holding = new Map<Group, Set<string>>();
  #polling = false;
  #pollAgain = false;
  /** Groups of a run, as last read: none is ever taken away before its run is over. */
  readonly #groupsSeen = new Map<RunId, ReadonlySet<GroupId>>();

  constructor(host: AdmissionHost) {
    this.#host = host;
  }

  /**
   * Takes what this worker has just posted to shards of its own; unless older mail has to be read first, or the shard has
   * not been its own since before it posted: then the owner before may have let it in.
   */
  forward(rows: readonly InboxRow[], wasOwn: (shard: number) => boolean): void {
    for (const { shard } of rows) if (!wasOwn(shard)) this.#markUnread(shard);
    const next = rows.filter((row) => !this.#unread.has(row.shard));
    this.#offer(next);
    if (next.length === rows.length) return;
    for (const row of rows) if (this.#unread.has(row.shard)) this.#markUnread(row.shard);
    this.poll().catch((error: unknown) => this.#host.failed(error));
  }

  /** Reads what there is to do in shards that are this worker's from now on; their mail is let in. */
  async takeUp(shards: readonly number[]): Promise<readonly DueChannel[]> {
    // An actor that came along may have posted to any shard, from where it was before.
    for (const shard of this.#host.owned()) this.#markUnread(shard);
    const { channels } = await this.#read(shards, WAKE_ON_MAIL - 1, EVERYTHING);
    this.poll().catch((error: unknown) => this.#host.failed(error));
    return channels;
  }

  /** Those rows that are known already are ignored. */
  #offer(rows: readonly InboxRow[]): void {
    for (const row of rows) {
      if (this.#known.has(row.key)) continue;
      this.#known.add(row.key);
      const queue = this.#queues.get(row.channel);
      if (queue !== undefined) queue.push(row);
      else {
        this.#queues.set(row.channel, [row]);
        void this.#drain(row.channel).catch((error: unknown) => this.#host.failed(error));
      }
    }
  }

  /** Looks into the inbox of every owned shard, and again at what was held back. */
  async poll(): Promise<void> {
    if (this.#polling) {
      this.#pollAgain = true;
      return;
    }
    for (const group of [...this.#holding.keys()]) this.retry(group);
    this.#polling = true;
    try {
      do {
        this.#pollAgain = false;
        const shards = this.#host.owned();
        // What is known is read once more with the rest, and must not fill the page by itself.
        if (shards.length > 0) await this.#read(shards, -1, POLL_LIMIT + this.#known.size);
      } while (this.#pollAgain);
    } finally {
      this.#polling = false;
    }
  }

  async #read(shards: readonly number[], before: number, limit: number): Promise<Due> {
    const marks = this.#unreadMarks;
    const meanwhile = new Set<string>();
    this.#admittedMeanwhile.add(meanwhile);
    try {
      const due = await this.#host.store.due(shards, before, limit);
      this.#offer(due.inbox.filter((row) => !meanwhile.has(row.key)));
      for (const shard of shards) {
        if (due.inbox.length >= limit) this.#markUnread(shard);
        else if ((this.#unread.get(shard) ?? Infinity) <= marks) this.#unread.delete(shard);
      }
      return due;
    } finally {
      this.#admittedMeanwhile.delete(meanwhile);
    }
  }

  #markUnread(shard: number): void {
    this.#unreadMarks += 1;
    this.#unread.set(shard, this.#unreadMarks);
  }

  /** Room was made in this group: what was held back is tried once more. */
  retry(group: Group): void {
    this.#holding.delete(group);
    const held = group.held.splice(0);
    for (const row of held) this.#admit(group, row);
  }

  /** What is held for a group that leaves memory will be read from the inbox again. */
  forget(group: Group): void {
    if (group.kind === "admin") this.#groupsSeen.delete(group.run.id);
    this.#holding.delete(group);
    for (const row of group.held.splice(0)) this.#known.delete(row.key);
  }

  async #drain(channel: ChannelName): Promise<void> {
    const queue = this.#queues.get(channel) ?? [];
    const isCurrent = (): boolean => this.#queues.get(channel) === queue;
    try {
      for (let row = queue[0]; row !== undefined && isCurrent(); row = queue[0]) {
        const groups = isAdminChannel(channel) ? await this.#groupsOf(row) : undefined;
        // Last of what has to be waited for: a group may leave memory at any time.
        const group = await this.#host.residency.load(channel);
        if (!isCurrent()) return;
        // Without a group the run is over or the shard was lost: whoever owns it reads the inbox, and all of it.
        if (group === undefined) return this.#readAgain(channel);
        if (groups !== undefined) this.#relay(group, row, groups);
        else this.#admit(group, row);
        queue.shift();
      }
      if (isCurrent()) this.#queues.delete(channel);
    } catch (error) {
      if (isCurrent()) this.#readAgain(channel);
      throw error;
    }
  }

  /** What waits for this channel is forgotten, and has to be read from the inbox before anything posted later is let in. */
  #readAgain(channel: ChannelName): void {
    const queue = this.#queues.get(channel) ?? [];
    this.#queues.delete(channel);
    for (const row of queue) {
      this.#known.delete(row.key);
      this.#markUnread(row.shard);
    }
  }

  /** The groups that there are, as far as they matter to this message of an admin. */
  async #groupsOf({ run, recipient }: InboxRow): Promise<ReadonlySet<GroupId>> {
    const seen = this.#groupsSeen.get(run);
    if (recipient !== null && seen?.has(parseAddress(recipient).group)) return seen;
    const groups = new Set(await this.#host.store.groupsOf(run));
    this.#groupsSeen.set(run, groups);
    return groups;
  }

  /** On the admin channel: appended for all to see, and passed on to the groups it is for. */
  #relay(channel: Group, row: InboxRow, groups: ReadonlySet<GroupId>): void {
    const one = row.recipient === null ? undefined : parseAddress(row.recipient);
    if (one !== undefined && !groups.has(one.group))
      return this.#refuse(channel, row, "actor_unknown", undefined, `there is no group ${one.group}`);
    const senders = row.sender === OUTSIDE ? undefined : parseAddress(row.sender).group;
    const receivers = one === undefined ? [...groups].filter((group) => group !== senders) : [one.group];
    const write = this.#admitted(channel, row, row.recipient);
    write.posts = receivers.map((group) => ({
      ...row,
      shard: shardOf(group, this.#host.store.shards),
      key: `${row.key}>${group}`,
      channel: group,
      recipient: one?.name ?? null,
    }));
    this.#host.write(write);
  }

  #admit(group: Group, row: InboxRow): void {
    const actor = group.members.get(row.recipient ?? group.admin);
    const problem = this.#problem(actor, row);
    if (actor === undefined || problem === "actor_unknown") return this.#refuse(group, row, "actor_unknown", undefined);
    if (row.recipient === null && (problem !== undefined || !takes(actor, row.kind)))
      return this.#pass(group, row, actor);
    if (problem !== undefined) return this.#refuse(group, row, problem, actor);
    if (row.headers?.re !== undefined) return this.#host.write(this.#admitted(group, row, actor.name));
    if (actor.agent === undefined) return this.#hold(group, row, actor);
    const { bodyBytes, mailboxMessages, mailboxBytes } = this.#host.settings;
    const behind = this.#holding.get(group)?.has(actor.name) === true;
    const mayHold = group.held.length < mailboxMessages;
    // What waits behind others is looked at when it is its turn: a full mailbox may be tried with every commit.
    if (behind && mayHold) return this.#hold(group, row, actor);
    const packed = packFor(actor.agent, row.kind, decode(row.body), bodyBytes);
    if (!packed.accepted) return this.#misfit(group, row, actor, packed.reason, packed.message);
    if (behind || !actor.mailbox.hasRoom(packed.body.length, mailboxMessages, mailboxBytes))
      return mayHold ? this.#hold(group, row, actor) : this.#refuse(group, row, "mailbox_full", actor);
    actor.mailbox.promise(packed.body.length);
    this.#host.write(this.#admitted(group, { ...row, body: packed.body }, actor.name, [actor]));
  }

  /** The two layers, once more: from another group only the admin is reached, or who spawned that group. */
  #problem(actor: Actor | undefined, row: InboxRow): RefusalReason | undefined {
    if (actor === undefined) return "actor_unknown";
    if (actor.standing === "stopped" || actor.standing === "quarantined") return "actor_stopped";
    if (actor.isAdmin || row.sender === OUTSIDE || row.key.startsWith("replay:")) return undefined;
    return adminOfChild(actor, parseAddress(row.sender).group) === undefined ? "out_of_reach" : undefined;
  }

  /** An announcement is for those who take its kind. */
  #pass(group: Group, row: InboxRow, actor: Actor): void {
    this.#host.write(this.#admitted(group, row, `!${actor.name}`));
  }

  /** A body or kind the receiver does not take. A failure that it does not take goes further up. */
  #misfit(group: Group, row: InboxRow, actor: Actor, reason: RefusalReason, detail: string): void {
    if (row.kind !== FAILURE || takesFailures(actor)) return this.#refuse(group, row, reason, actor, detail);
    const write = this.#admitted(group, row, `!${actor.name}`);
    escalate(write, actor, decode(row.body) as FailureReport, this.#host.now(), this.#host.store.shards);
    this.#host.write(write);
  }

  #refuse(group: Group, row: InboxRow, reason: RefusalReason, actor: Actor | undefined, detail?: string): void {
    const write = this.#admitted(group, row, `!${row.recipient ?? group.admin}`);
    undeliverable(
      write,
      group,
      row,
      { reason, error: detail ?? null, actor: actor?.name ?? row.recipient ?? group.admin },
      this.#host.now(),
      this.#host.store.shards,
    );
    this.#host.write(write);
  }

  #hold(group: Group, row: InboxRow, { name }: Actor): void {
    const names = this.#holding.get(group);
    if (names === undefined) this.#holding.set(group, new Set([name]));
    else names.add(name);
    group.held.push(row);
  }

  #admitted(group: Group, row: InboxRow, recipient: string | null, promisedTo: readonly Actor[] = []): Write {
    const { sender, kind, body, cause, at, headers } = row;
    const outgoing: Outgoing = { sender, recipient, kind, body, cause, at, headers, promisedTo };
    const write = new Write(group);
    write.outgoing = [outgoing];
    write.admitted = { shard: row.shard, key: row.key };
    write.applied = () => {
      for (const meanwhile of this.#admittedMeanwhile) meanwhile.add(row.key);
      this.#known.delete(row.key);
    };
    write.refused = () => {
      this.#known.delete(row.key);
      this.#markUnread(row.shard);
      this.#readAgain(row.channel);
    };
    return write;
  }
}
