import { memoryStore, type Store, startRuntime, systemClock } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { watchCommits } from "../commit-watch.ts";
import { settledMemory } from "../settled-memory.ts";
import { callers, groupsFor } from "./callers.ts";
import { callModel, scripts } from "./scripted-model.ts";

// Makes calls to a model, all at once, as a process of its own: `bare` as promises, or by agents on a store. It is asked
// either for the time, or for the memory while every call is halfway; and prints that as JSON. The shortest call takes as
// long as it is told, the longest twice that.

export interface CallTime {
  readonly ms: number;
}

/** Bytes a call. */
export interface CallMemory {
  readonly resident: number;
  /** Objects and buffers that live. */
  readonly live: number;
  /** What the caller took before it made the call. */
  readonly callerLive: number;
}

const SEED = 1;

/** Makes the calls and resolves when all have been answered and, with agents, that is durable. `ready`: nothing is to be done but the calls. */
type Caller = (calls: number, call: () => Promise<string>, ready: () => Promise<void>) => Promise<void>;

const callBare: Caller = async (calls, call, ready) => {
  await ready();
  await Promise.all(Array.from({ length: calls }, call));
};

function byAgents(store: Store): Caller {
  return async (calls, call, ready) => {
    const [hired, go, done] = [0, 1, 2].map(() => Promise.withResolvers<void>()) as [Door, Door, Door];
    let [spawned, answered] = [0, 0];
    watchCommits(store, (commit) => {
      spawned += commit.spawned.length;
      answered += commit.turns.filter(({ outcome }) => outcome === "done").length;
      if (spawned === calls) hired.resolve();
      // Besides the calls, there are turns to hire, to release and to begin.
      if (answered === calls + 2 * groupsFor(calls) + 2) done.resolve();
    });
    const agent = callers({ go: go.promise, call });
    const runtime = await startRuntime({ store, agents: [agent], onTrouble: done.reject });
    await runtime.submit(agent, calls, { limits: { children: Math.max(groupsFor(calls), 64) } });
    await hired.promise;
    await ready();
    go.resolve();
    await done.promise;
    await runtime.close();
    await store.close();
  };
}

type Door = PromiseWithResolvers<void>;

async function time(caller: Caller, calls: number, leastMs: number): Promise<CallTime> {
  const next = scripts(SEED, leastMs, 2 * leastMs);
  let startedAt = 0;
  await caller(
    calls,
    () => callModel(next()),
    async () => {
      startedAt = performance.now();
    },
  );
  return { ms: performance.now() - startedAt };
}

async function weigh(caller: Caller, calls: number, leastMs: number): Promise<CallMemory> {
  const next = scripts(SEED, leastMs, 2 * leastMs);
  const weighed = Promise.withResolvers<void>();
  const before = await settledMemory();
  let [waiting, hired, halfway] = [0, before, before];
  const pause = (tokens: number) => async (token: number) => {
    if (token !== tokens / 2) return;
    waiting += 1;
    if (waiting === calls) {
      halfway = await settledMemory();
      weighed.resolve();
    }
    await weighed.promise;
  };
  await caller(
    calls,
    () => {
      const script = next();
      return callModel(script, pause(script.tokens));
    },
    async () => {
      hired = await settledMemory();
    },
  );
  const live = (memory: NodeJS.MemoryUsage) => memory.heapUsed + memory.arrayBuffers;
  return {
    resident: (halfway.rss - before.rss) / calls,
    live: (live(halfway) - live(before)) / calls,
    callerLive: (live(hired) - live(before)) / calls,
  };
}

if (import.meta.main) {
  const [how = "", task = "", calls = "", least = ""] = process.argv.slice(2);
  const store =
    how === "memory" ? memoryStore({ clock: systemClock }) : how !== "bare" && (await postgresStore({ url: how }));
  const caller = store ? byAgents(store) : callBare;
  console.log(JSON.stringify(await (task === "time" ? time : weigh)(caller, Number(calls), Number(least))));
}
