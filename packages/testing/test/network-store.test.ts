import { isFault, memoryStore, type Store } from "@troupe/core";
import { GOOD_LINE, networkStore, seededRandom, simulatedClock, storeContract } from "@troupe/testing";
import { expect, it } from "vitest";

/** Turns the clock until the store has answered: a call through a line takes time. */
function impatient(store: Store, advance: (ms: number) => Promise<void>): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const member = target[name];
      if (typeof member !== "function") return member;
      return async (...args: unknown[]) => {
        let isOver = false;
        const answer = (Reflect.apply(member, target, args) as Promise<unknown>).finally(() => {
          isOver = true;
        });
        answer.catch(() => undefined);
        for (let turns = 0; !isOver && turns < 10_000; turns++) await advance(0.5);
        return answer;
      };
    },
  });
}

storeContract(
  "the simulated store, behind a good line",
  async () => {
    const clock = simulatedClock();
    const far = networkStore(memoryStore({ clock }), { clock, random: seededRandom(1), line: GOOD_LINE });
    const store = impatient(far, (ms) => clock.advance(ms));
    return { store, passTime: (ms) => clock.advance(ms), close: () => store.close() };
  },
  { modelRuns: 300, durable: false },
);

const LEASE_MS = 1_000;

function farStore(line: Partial<typeof GOOD_LINE>) {
  const clock = simulatedClock();
  const near = memoryStore({ clock });
  const far = networkStore(near, { clock, random: seededRandom(7), line: { ...GOOD_LINE, ...line } });
  return { clock, near, store: impatient(far, (ms) => clock.advance(ms)) };
}

async function isKnown(store: Store, worker: string): Promise<boolean> {
  return (await store.renew(worker, LEASE_MS)) !== undefined;
}

it("tells a caller that the store does not answer when its request is lost, and nothing takes effect", async () => {
  const { near, store } = farStore({ lost: 1 });

  const error = await store.join("ann", "v1", LEASE_MS).catch((reason: unknown) => reason);

  expect(isFault(error, "store_unavailable")).toBe(true);
  expect(await isKnown(near, "ann")).toBe(false);
});

it("tells it the same when the answer is lost, and the call has taken effect", async () => {
  const { near, store } = farStore({ answerLost: 1 });

  await expect(store.join("ann", "v1", LEASE_MS)).rejects.toMatchObject({ code: "store_unavailable" });

  expect(await isKnown(near, "ann")).toBe(true);
});

it("lets a late call take effect after its caller was told that nobody answers", async () => {
  const { clock, near, store } = farStore({ late: 1 });

  await expect(store.join("ann", "v1", LEASE_MS)).rejects.toMatchObject({ code: "store_unavailable" });
  const before = await isKnown(near, "ann");
  await clock.advance(GOOD_LINE.timeoutMs * 3);

  expect([before, await isKnown(near, "ann")]).toEqual([false, true]);
});

it("lets nothing through while the line is down", async () => {
  const { near, store } = farStore({ down: true });

  await expect(store.join("ann", "v1", LEASE_MS)).rejects.toMatchObject({ code: "store_unavailable" });

  expect(await isKnown(near, "ann")).toBe(false);
});
