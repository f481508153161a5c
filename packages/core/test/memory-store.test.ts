import {
  type ActorWrite,
  type Commit,
  DEFAULT_LIMITS,
  encode,
  type LogRow,
  memoryStore,
  type Store,
  type TurnRow,
} from "@troupe/core";
import { type OpenStore, simulatedClock, storeContract } from "@troupe/testing";
import { describe, expect, it } from "vitest";

const open: OpenStore = async () => {
  const clock = simulatedClock();
  const store = memoryStore({ clock, shards: 4 });
  return { store, passTime: (ms) => clock.advance(ms), close: () => store.close() };
};

storeContract("the memory store", open, { modelRuns: 2_000, durable: false });

const LEASE_MS = 1_000;
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
  charges: [],
};

/** A run whose root group is channel `key`; `commit` sends the next commit of a worker that has every shard. */
async function makeRun(keep: number) {
  const store = memoryStore({ clock: simulatedClock(), shards: 2, keep });
  await submit(store);
  await store.join("ann", "first", LEASE_MS);
  const leases = await store.claim("ann", 2);
  const [root] = await store.loadChannels(["run"]);
  let number = 1;
  const commit = async (rows: Partial<Commit>) => {
    const outcome = await store.commit({ worker: "ann", number, leaseMs: LEASE_MS, leases, ...NOTHING, ...rows });
    number += 1;
    return outcome;
  };
  return { store, key: root?.key ?? 0, commit };
}

async function submit(store: Store): Promise<void> {
  const spent = { turns: 0, messages: 0, actors: 1, actorsLiving: 1, groups: 1, modelCalls: 0, tokens: 0, cost: 0 };
  const bytes = encode(null);
  const ended = { result: null, error: null, endedAt: null };
  const started = { status: "running", limits: DEFAULT_LIMITS, spent, resumed: 0, createdAt: 1, input: bytes } as const;
  const where = { shard: 0, run: "run" };
  await store.submit({
    run: { id: "run", tenant: "t", key: null, definition: "root", deployment: "d", ...started, ...ended },
    root: { id: "run", depth: 1, admin: "root", spawner: null, ...where },
    actor: { group: "run", name: "root", definition: "root", spawner: null, cursor: 0, state: bytes },
    first: { ...message(0, 1), ...where, key: "1", channel: "run" },
  });
}

function message(channel: number, seq: number): LogRow {
  const rest = { kind: "note", body: encode(seq), cause: null, at: 1, headers: null };
  return { channel, seq, sender: "outside", recipient: "root", ...rest };
}

/** One turn: writes a message to the actor itself, and has consumed up to `cursor`. */
function turn(channel: number, seq: number, cursor: number): Partial<Commit> {
  const actor: ActorWrite = {
    channel,
    name: "root",
    standing: "active",
    cursor,
    turn: seq + 1,
    progress: null,
    state: null,
  };
  const times = { startedAt: 1, ms: 1, outcome: "done", error: null } as const;
  const row: TurnRow = { channel, actor: "root", turn: seq, attempt: 1, firstSeq: seq, lastSeq: seq, ...times };
  return { log: [message(channel, seq)], actors: [actor], turns: [row], channels: [{ channel, head: seq, wakeAt: 0 }] };
}

describe("the memory store", () => {
  it("forgets what was consumed, save for the newest", async () => {
    const { store, key, commit } = await makeRun(5);

    for (let seq = 1; seq <= 100; seq++) await commit(turn(key, seq, seq));

    const kept = (await store.history("run", 999)).map(({ seq }) => seq);
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kept.length).toBeLessThan(15);
    expect(kept.at(-1)).toBe(100);
  });

  it("never forgets what was not consumed", async () => {
    const { store, key, commit } = await makeRun(5);

    for (let seq = 1; seq <= 100; seq++) await commit(turn(key, seq, 10));

    const [root] = await store.loadChannels(["run"]);
    expect(root?.unread.map(({ seq }) => seq)).toEqual(Array.from({ length: 90 }, (_, index) => index + 11));
  });

  it("keeps the message of a dead letter that is forgotten with the same commit", async () => {
    const { store, key, commit } = await makeRun(2);
    for (let seq = 1; seq <= 21; seq++) await commit(turn(key, seq, 0));

    const died = { channel: key, seq: 1, actor: "root", reason: "failed", attempts: 1, error: null, at: 1 };
    await commit({ ...turn(key, 22, 22), deadLetters: [died] });

    expect((await store.history("run", 999)).some(({ seq }) => seq === 1)).toBe(false);
    expect((await store.deadLetters("run", 9))[0]?.body).toEqual(encode(1));
  });

  it("rejects what no worker should write: a gap in a log, a row in a shard that the commit has no lease for", async () => {
    const { key, commit } = await makeRun(5);

    const gap = commit({ log: [message(key, 2)] });
    await expect(gap).rejects.toMatchObject({ code: "commit_rejected" });

    const unleased = commit({ ...turn(key, 1, 0), leases: [] });
    await expect(unleased).rejects.toMatchObject({ code: "commit_rejected" });
  });

  it("refuses settings that cannot be", () => {
    const clock = simulatedClock();

    for (const bad of [0, -1, 1.5, Number.NaN]) {
      expect(() => memoryStore({ clock, shards: bad })).toThrow("shards");
      expect(() => memoryStore({ clock, keep: bad })).toThrow("keep");
    }
  });
});
