import { Actor, type Group } from "../actor/actor.ts";
import { Channel } from "../actor/channel.ts";
import { isStillParked, waitsOf } from "../actor/due.ts";
import { readJournal } from "../actor/journal.ts";
import { type ChannelName, type RunId, shardOf } from "../address.ts";
import type { Clock } from "../ports/clock.ts";
import type { ChannelSnapshot, Store } from "../ports/store.ts";
import type { Registry } from "../registry.ts";
import type { RunLedger } from "../supervisor/run-ledger.ts";
import type { WaitGraph } from "../supervisor/wait-graph.ts";

export interface ResidencyHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly waits: WaitGraph;
  /** The epoch under which a shard is ours; undefined if it is not. */
  epoch(shard: number): number | undefined;
  /** Ledgers of those that exist. */
  ledgers(runs: readonly RunId[]): Promise<ReadonlyMap<RunId, RunLedger>>;
  /** The actor has mail, or an open turn that can go on. */
  ready(actor: Actor): void;
  /** The actor has to wait before it goes on. */
  waiting(actor: Actor): void;
  /** Mail lies with an actor that takes none any more. */
  stray(actor: Actor): void;
}

const AT_ONCE = 256;

/** What decides whether a group stays. */
export type Home = Pick<Group, "shard" | "run">;

interface Resting extends Home {
  /** Asker and asked. */
  readonly waits: readonly (readonly [string, string])[];
}

/** Which groups are in memory. They come when there is something for them, and go when nothing is. */
export class Residency {
  readonly #host: ResidencyHost;
  readonly #groups = new Map<ChannelName, Group>();
  readonly #wanted = new Map<ChannelName, PromiseWithResolvers<Group | undefined>>();
  readonly #suspects = new Set<ChannelName>();
  /** Groups out of memory in which somebody waits for an answer. */
  readonly #resting = new Map<ChannelName, Resting>();
  #loading = false;

  constructor(host: ResidencyHost) {
    this.#host = host;
  }

  get size(): number {
    return this.#groups.size;
  }

  groups(): IterableIterator<Group> {
    return this.#groups.values();
  }

  find(name: ChannelName): Group | undefined {
    return this.#groups.get(name);
  }

  /** The group, from memory or the store; undefined if there is none, its run is over or its shard is not ours. Rejects when the store does not answer. */
  load(name: ChannelName): Promise<Group | undefined> {
    const here = this.#groups.get(name);
    if (here !== undefined) return Promise.resolve(here);
    const wanted = this.#wanted.get(name);
    if (wanted !== undefined) return wanted.promise;
    const asked = Promise.withResolvers<Group | undefined>();
    this.#wanted.set(name, asked);
    if (!this.#loading) {
      this.#loading = true;
      this.#host.clock.soon(() => void this.#loadWanted());
    }
    return asked.promise;
  }

  /** Another worker had this group when it was last at work; what it was doing may have been its death. */
  suspect(name: ChannelName): void {
    this.#suspects.add(name);
  }

  /** Takes groups out of memory for good: nothing may come of them any more. */
  drop(doomed: (group: Home) => boolean): readonly Group[] {
    for (const [name, resting] of this.#resting) if (doomed(resting)) this.#stopResting(name);
    return this.#remove([...this.#groups.values()].filter(doomed));
  }

  /** Lets groups leave memory until there is something for them; who waits for whom in them stays known. */
  rest(groups: ReadonlySet<Group>): readonly Group[] {
    for (const { id, shard, run, waiting } of groups) {
      const waits = [...waiting].flatMap((actor) => asksOf(actor).map((asked) => [actor.address, asked] as const));
      if (waits.length > 0) this.#resting.set(id, { shard, run, waits });
    }
    const removed = this.#remove([...groups]);
    for (const { id } of removed)
      for (const [asker, asked] of this.#resting.get(id)?.waits ?? []) this.#host.waits.add(asker, asked);
    return removed;
  }

  #stopResting(name: ChannelName): void {
    for (const [asker, asked] of this.#resting.get(name)?.waits ?? []) this.#host.waits.remove(asker, asked);
    this.#resting.delete(name);
  }

  #remove(groups: readonly Group[]): readonly Group[] {
    for (const group of groups) {
      group.alive = false;
      this.#groups.delete(group.id);
      for (const actor of group.members.values()) {
        actor.cancelAlarm?.();
        actor.current?.abandon();
        this.#host.waits.clear(actor.address);
      }
    }
    return groups;
  }

  async #loadWanted(): Promise<void> {
    while (this.#wanted.size > 0) {
      const names = [...this.#wanted.keys().take(AT_ONCE)];
      const asked = names.map((name) => this.#wanted.get(name) as PromiseWithResolvers<Group | undefined>);
      const epochs = new Map(names.map((name) => [name, this.#epochOf(name)]));
      const found = await this.#read(names, epochs).catch((error: unknown) => ({ error }));
      for (const [place, name] of names.entries()) {
        const epoch = this.#epochOf(name);
        // Lost and ours again: who has asked since then is not answered with what was read before. It is read once more.
        if (epoch !== undefined && epoch !== epochs.get(name)) continue;
        this.#wanted.delete(name);
        if ("error" in found) asked[place]?.reject(found.error);
        else asked[place]?.resolve(found.get(name));
      }
    }
    this.#loading = false;
  }

  #epochOf(name: ChannelName): number | undefined {
    return this.#host.epoch(shardOf(name, this.#host.store.shards));
  }

  async #read(
    names: readonly ChannelName[],
    epochs: ReadonlyMap<ChannelName, number | undefined>,
  ): Promise<Map<ChannelName, Group>> {
    const snapshots = await this.#host.store.loadChannels(names);
    const ledgers = await this.#host.ledgers([...new Set(snapshots.map((snapshot) => snapshot.run))]);
    const found = new Map<ChannelName, Group>();
    for (const snapshot of snapshots) {
      const ledger = ledgers.get(snapshot.run);
      // A shard that was lost meanwhile, even if it is ours again, may have moved on since it was read.
      const epoch = this.#host.epoch(snapshot.shard);
      if (ledger?.status !== "running" || epoch === undefined || epoch !== epochs.get(snapshot.name)) continue;
      found.set(snapshot.name, this.#settle(snapshot, ledger));
    }
    return found;
  }

  #settle(snapshot: ChannelSnapshot, ledger: RunLedger): Group {
    const { registry, clock } = this.#host;
    this.#stopResting(snapshot.name);
    const group: Group = new Channel<Actor>(snapshot, ledger);
    group.touchedAt = clock.monotonic();
    for (const member of snapshot.members) {
      const actor = new Actor(group, member, registry.find(member.definition));
      for (const [name, definition] of Object.entries(actor.progress.groups)) group.childGroups.set(name, definition);
      group.members.set(member.name, actor);
      actor.journal = readJournal(snapshot.steps, member.name);
    }
    for (const row of snapshot.unread) {
      if (row.recipient === null) for (const actor of group.members.values()) this.#give(group, actor, row);
      else this.#give(group, group.members.get(row.recipient), row);
    }
    this.#groups.set(group.id, group);
    const suspect = this.#suspects.delete(group.id);
    for (const actor of group.members.values()) this.#resume(actor, suspect);
    return group;
  }

  #give(group: Group, actor: Actor | undefined, row: ChannelSnapshot["unread"][number]): void {
    if (actor === undefined || row.seq <= actor.cursor || !actor.wants(row)) return;
    const re = row.headers?.re;
    if (re !== undefined) {
      if (!re.startsWith(`${actor.turn}/`)) return;
      actor.replies ??= new Map();
      // The first one counts, as it does for an asker in memory.
      if (!actor.replies.has(re)) actor.replies.set(re, row);
      return;
    }
    actor.mailbox.push(row);
    group.work += 1;
  }

  #resume(actor: Actor, suspect: boolean): void {
    const now = this.#host.clock.now();
    if (isStillParked(actor, now)) {
      for (const asked of asksOf(actor)) this.#host.waits.add(actor.address, asked);
      this.#host.waiting(actor);
      return;
    }
    actor.suspect = suspect && actor.mailbox.length > 0 && actor.progress.retryAt <= now;
    if (actor.standing !== "active") this.#host.stray(actor);
    else if (actor.progress.retryAt > now) this.#host.waiting(actor);
    else if (actor.mailbox.length > 0) this.#host.ready(actor);
  }
}

/** Whose answers the actor's parked turn waits for. */
function asksOf(actor: Actor): readonly string[] {
  return waitsOf(actor).flatMap(({ asked }) => asked ?? []);
}
