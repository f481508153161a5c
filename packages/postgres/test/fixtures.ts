import { type Commit, DEFAULT_LIMITS, encode, OUTSIDE, type RunId, type Submission } from "@troupe/core";

const AT = 1_700_000_000_000;

/** A run whose root actor is `root`, in shard 0. */
export function submission(id: RunId): Submission {
  return {
    run: {
      id,
      tenant: "tenant",
      key: null,
      definition: "lead",
      deployment: "first",
      status: "running",
      limits: DEFAULT_LIMITS,
      spent: {
        turns: 0,
        messages: 0,
        actors: 1,
        actorsLiving: 1,
        groups: 1,
        modelCalls: 0,
        tokens: 0,
        cost: 0,
      },
      input: encode("input"),
      result: null,
      error: null,
      resumed: 0,
      createdAt: AT,
      endedAt: null,
    },
    root: { id, shard: 0, run: id, depth: 1, admin: "root", spawner: null },
    actor: { group: id, name: "root", definition: "lead", spawner: null, cursor: 0, state: encode(0) },
    first: {
      shard: 0,
      key: `first:${id}`,
      run: id,
      channel: id,
      sender: OUTSIDE,
      recipient: "root",
      kind: "start",
      body: encode("body"),
      cause: null,
      at: AT,
      headers: null,
    },
  };
}

/** A commit of shard 0 at epoch 1; what is left out is empty. */
export function commitOf(worker: string, number: number, rows: Partial<Commit> = {}): Commit {
  return {
    worker,
    number,
    leaseMs: 60_000,
    leases: [{ shard: 0, epoch: 1 }],
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
    charges: [],
    ...rows,
  };
}

/** The rows of one message to the root of a run, and what it costs. */
export function messageRows(run: RunId, channel: number, seq: number): Partial<Commit> {
  return {
    log: [
      {
        channel,
        seq,
        sender: "root",
        recipient: "root",
        kind: "note",
        body: encode(seq),
        cause: null,
        at: AT,
        headers: null,
      },
    ],
    channels: [{ channel, head: seq, wakeAt: 0 }],
    charges: [{ run, turns: 1, messages: 1, actors: 0, groups: 0, stopped: 0, end: null }],
  };
}
