import {
  type ActorRow,
  type ActorWrite,
  type ChannelWrite,
  type Commit,
  DEFAULT_LIMITS,
  encode,
  type GroupRow,
  type Lease,
  type LogRow,
  OUTSIDE,
  type Store,
  type Submission,
  shardOf,
  systemRandom,
  type TurnRow,
} from "@troupe/core";
import { cpuMsSince, type Round } from "../round.ts";
import { BareRing } from "./bare-ring.ts";
import { MEMORY, memberName, type PasserState, planRings, type RingPlan } from "./rings.ts";

const LEASE_MS = 600_000;
const NOTHING = {
  log: [],
  actors: [],
  channels: [],
  turns: [],
  steps: [],
  groups: [],
  spawned: [],
  posted: [],
  admitted: [],
  deadLetters: [],
} as const;

interface Rows {
  readonly log: LogRow[];
  readonly actors: ActorWrite[];
  readonly channels: ChannelWrite[];
  readonly turns: TurnRow[];
}

/**
 * The commits that a runtime would make of the same rings, given to the store one after the other with no runtime
 * around: what the statement itself can do. Making the commits is not timed.
 */
export class BareLoad {
  readonly #store: Store;
  readonly #worker = systemRandom.id();
  readonly #run = systemRandom.id();
  readonly #leases = new Map<number, Lease>();
  readonly #rings: BareRing[] = [];
  #number = 1;

  private constructor(store: Store) {
    this.#store = store;
  }

  static start(store: Store, active: number): Promise<BareLoad> {
    return BareLoad.startRings(store, planRings(active));
  }

  static async startRings(store: Store, rings: readonly RingPlan[]): Promise<BareLoad> {
    const load = new BareLoad(store);
    await load.#begin(rings);
    return load;
  }

  /** Commits for so long. */
  async round(ms: number): Promise<Round> {
    const hops: number[] = [];
    const cpu = process.threadCpuUsage();
    let [turns, committingMs] = [0, 0];
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const commit = this.#next();
      const started = performance.now();
      const { outcome } = await this.#store.commit(commit);
      const took = performance.now() - started;
      if (outcome !== "committed") throw new Error(`a bare commit was ${outcome}`);
      hops.push(took);
      committingMs += took;
      turns += commit.turns.length;
    }
    return { ms: committingMs, turns, cpuMs: cpuMsSince(cpu), commits: hops.length, committingMs, hops };
  }

  async #begin(plans: readonly RingPlan[]): Promise<void> {
    const store = this.#store;
    const groups = plans.map((_, place): GroupRow => {
      const id = `${this.#run}/ring${place}`;
      return { id, shard: shardOf(id, store.shards), run: this.#run, depth: 2, admin: "passer", spawner: null };
    });
    await store.join(this.#worker, "default", LEASE_MS);
    for (const lease of await store.claim(this.#worker, store.shards)) this.#leases.set(lease.shard, lease);
    const submission = submissionOf(this.#run, store.shards);
    await store.submit(submission);
    const { shard, key } = submission.first;
    const spawned = groups.flatMap((group, place) => membersOf(group.id, plans[place]?.members ?? 0));
    const born = {
      ...this.#commit([shard, ...groups.map((group) => group.shard)], 0, 0),
      groups,
      spawned,
      admitted: [{ shard, key }],
    };
    // Something has to be left to do, or the run would be over.
    await store.commit({ ...born, posted: [{ ...submission.first, key: "stay" }] });

    const snapshots = new Map(
      (await store.loadChannels(groups.map(({ id }) => id))).map((group) => [group.name, group]),
    );
    for (const [place, { id, shard }] of groups.entries()) {
      const channel = snapshots.get(id)?.key;
      const plan = plans[place];
      if (channel === undefined || plan === undefined) throw new Error(`${id} was not stored`);
      this.#rings.push(new BareRing(id, channel, shard, plan));
    }
    const rows = emptyRows();
    for (const ring of this.#rings) ring.deal(rows);
    const seed = this.#commit(this.#shards(), 0, rows.log.length);
    await store.commit({ ...seed, log: rows.log, channels: rows.channels });
  }

  #next(): Commit {
    const rows = emptyRows();
    for (const ring of this.#rings) ring.step(rows);
    return { ...this.#commit(this.#shards(), rows.turns.length, rows.log.length), ...rows };
  }

  #shards(): number[] {
    return this.#rings.map((ring) => ring.shard);
  }

  #commit(shards: readonly number[], turns: number, messages: number): Commit {
    const leases = [...new Set(shards)].map((shard) => this.#leases.get(shard) ?? { shard, epoch: -1 });
    const charge = { run: this.#run, turns, messages, actors: 0, groups: 0, stopped: 0, end: null };
    return { ...NOTHING, worker: this.#worker, number: this.#number++, leaseMs: LEASE_MS, leases, charges: [charge] };
  }
}

function emptyRows(): Rows {
  return { log: [], actors: [], channels: [], turns: [] };
}

function membersOf(group: string, members: number): ActorRow[] {
  const state: PasserState = { turns: 0, next: "", memory: MEMORY };
  return Array.from({ length: members }, (_, place) => ({
    group,
    name: memberName(place),
    definition: "passer",
    spawner: null,
    cursor: 0,
    state: encode(state),
  }));
}

function submissionOf(run: string, shards: number): Submission {
  const shard = shardOf(run, shards);
  const input = encode(null);
  return {
    run: {
      id: run,
      tenant: "default",
      key: null,
      definition: "passer",
      deployment: "default",
      status: "running",
      limits: DEFAULT_LIMITS,
      spent: { turns: 0, messages: 0, actors: 1, actorsLiving: 1, groups: 1, modelCalls: 0, tokens: 0, cost: 0 },
      input,
      result: null,
      error: null,
      resumed: 0,
      createdAt: Date.now(),
      endedAt: null,
    },
    root: { id: run, shard, run, depth: 1, admin: "passer", spawner: null },
    actor: { group: run, name: "passer", definition: "passer", spawner: null, cursor: 0, state: input },
    first: {
      shard,
      key: `start:${run}`,
      run,
      channel: run,
      sender: OUTSIDE,
      recipient: "passer",
      kind: "start",
      body: input,
      cause: null,
      at: Date.now(),
      headers: null,
    },
  };
}
