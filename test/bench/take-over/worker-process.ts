import { startRuntime } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { watchCommits } from "../commit-watch.ts";
import { idlers } from "../population/idlers.ts";

// A worker as a process of its own, told the store, what to do with its turns, how many there are to do, and its lease. It
// either takes all of them and holds them until it is killed, or does them and says when; in a line of JSON, once.

export type Task = "hold" | "work";

interface Orders {
  readonly url: string;
  readonly expected: number;
  readonly leaseMs: number;
}

/** Milliseconds since 1970. */
export interface WorkTimes {
  readonly startedAt: number;
  readonly firstTurnAt: number;
  readonly lastTurnAt: number;
}

const MEMBERS = 10;

async function work({ url, expected, leaseMs }: Orders): Promise<WorkTimes> {
  const startedAt = Date.now();
  const store = await postgresStore({ url });
  const all = Promise.withResolvers<void>();
  let turns = 0;
  let [firstTurnAt, lastTurnAt] = [0, 0];
  watchCommits(store, (commit) => {
    if (commit.turns.length === 0) return;
    lastTurnAt = Date.now();
    if (turns === 0) firstTurnAt = lastTurnAt;
    turns += commit.turns.length;
    if (turns >= expected) all.resolve();
  });
  const runtime = await startRuntime({
    store,
    agents: [idlers(MEMBERS, () => undefined)],
    settings: { leaseMs },
    onTrouble: all.reject,
  });
  await all.promise;
  await runtime.close();
  await store.close();
  return { startedAt, firstTurnAt, lastTurnAt };
}

async function hold({ url, expected, leaseMs }: Orders): Promise<void> {
  const held = Promise.withResolvers<void>();
  let turns = 0;
  const agent = idlers(MEMBERS, () => {
    turns += 1;
    if (turns === expected) held.resolve();
    return new Promise<void>(() => undefined);
  });
  await startRuntime({
    store: await postgresStore({ url }),
    agents: [agent],
    settings: { leaseMs },
    onTrouble: held.reject,
  });
  await held.promise;
}

if (import.meta.main) {
  const [url = "", task = "", expected = "", lease = ""] = process.argv.slice(2);
  const orders = { url, expected: Number(expected), leaseMs: Number(lease) };
  const said = task === "hold" ? await hold(orders) : await work(orders);
  console.log(JSON.stringify(said ?? null));
}
