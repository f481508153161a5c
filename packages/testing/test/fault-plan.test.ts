import { type Commit, memoryStore, type Store } from "@troupe/core";
import { type FaultPlan, faultPlan, faultyStore, seededRandom, simulatedClock } from "@troupe/testing";
import { describe, expect, it } from "vitest";

const LEASE_MS = 1_000;

async function makeStore(): Promise<{
  inner: Store;
  store: Store;
  faults: FaultPlan;
  commit(number: number): Promise<unknown>;
}> {
  const inner = memoryStore({ clock: simulatedClock() });
  const faults = faultPlan();
  const store = faultyStore(inner, faults);
  await inner.join("ann", "first", LEASE_MS);
  const leases = await inner.claim("ann", 2);
  const none = { log: [], actors: [], channels: [], turns: [], steps: [], groups: [], spawned: [] };
  const rest = { posted: [], admitted: [], deadLetters: [], charges: [] };
  const batch = (number: number): Commit => ({ worker: "ann", number, leaseMs: LEASE_MS, leases, ...none, ...rest });
  return { inner, store, faults, commit: (number) => store.commit(batch(number)) };
}

/** The numbers that the store behind would take: it rejects those that it has left behind. */
async function isApplied(inner: Store, number: number): Promise<boolean> {
  const none = { log: [], actors: [], channels: [], turns: [], steps: [], groups: [], spawned: [], posted: [] };
  const probe: Commit = {
    worker: "ann",
    number: number + 1,
    leaseMs: LEASE_MS,
    leases: [],
    ...none,
    admitted: [],
    deadLetters: [],
    charges: [],
  };
  return inner.commit(probe).then(
    () => true,
    () => false,
  );
}

describe("a store with faults", () => {
  it("does what the one behind it does when nothing is planned, and records it", async () => {
    const { store, faults, commit } = await makeStore();

    expect(await commit(1)).toMatchObject({ outcome: "committed" });
    expect(await store.renew("ann", LEASE_MS)).toMatchObject({ live: 1 });
    await expect(commit(7)).rejects.toMatchObject({ code: "commit_rejected" });

    expect(faults.calls.map(({ method }) => method)).toEqual(["commit", "renew", "commit"]);
    expect(faults.calls[1]?.args).toEqual(["ann", LEASE_MS]);
  });

  it("fences, rejects or loses the next commits as planned, one after another", async () => {
    const { inner, faults, commit } = await makeStore();
    for (const fault of ["fenced", "rejected", "unavailable", "answer_lost"] as const) faults.next("commit", fault);

    expect(await commit(1)).toEqual({ outcome: "fenced", shards: [0, 1] });
    await expect(commit(1)).rejects.toMatchObject({ code: "commit_rejected" });
    await expect(commit(1)).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await isApplied(inner, 1)).toBe(false);
    await expect(commit(1)).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await isApplied(inner, 1)).toBe(true);
  });

  it("holds a call back until it is released", async () => {
    const { inner, faults, commit } = await makeStore();
    const held = faults.hold("commit");

    const answer = commit(1);
    await held.arrived;
    const before = await isApplied(inner, 1);
    held.release();

    expect(before).toBe(false);
    expect(await answer).toMatchObject({ outcome: "committed" });
  });

  it("holds an answer back after the call took effect", async () => {
    const { inner, faults, commit } = await makeStore();
    const held = faults.holdAnswer("commit");

    const answer = commit(1);
    await held.arrived;
    const before = await isApplied(inner, 1);
    held.release();

    expect(before).toBe(true);
    expect(await answer).toMatchObject({ outcome: "committed" });
  });

  it("tells of an error when a held answer is let through", async () => {
    const { faults, commit } = await makeStore();
    const held = faults.holdAnswer("commit");

    const answer = commit(5);
    await held.arrived;
    held.release();

    await expect(answer).rejects.toMatchObject({ code: "commit_rejected" });
  });

  it("does not answer while methods are down", async () => {
    const { store, faults } = await makeStore();

    faults.down("claim");
    await expect(store.claim("ann", 1)).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await store.listRuns(1)).toEqual([]);
    faults.down();
    await expect(store.listRuns(1)).rejects.toMatchObject({ code: "store_unavailable" });
    faults.up();

    expect(await store.claim("ann", 1)).toHaveLength(1);
    expect(await store.listRuns(1)).toEqual([]);
  });

  it("goes wrong by chance as often as it is told, and the same way for the same seed", async () => {
    const outcomes = async () => {
      const { store, faults } = await makeStore();
      faults.chance(seededRandom(7), { unavailable: 0.2, answerLost: 0.2 });
      const seen: boolean[] = [];
      for (let i = 0; i < 500; i++)
        seen.push(
          await store.listRuns(1).then(
            () => true,
            () => false,
          ),
        );
      return seen;
    };

    const [first, second] = [await outcomes(), await outcomes()];

    expect(first).toEqual(second);
    const failed = first.filter((answered) => !answered).length;
    expect(failed).toBeGreaterThan(150);
    expect(failed).toBeLessThan(250);
  });
});
