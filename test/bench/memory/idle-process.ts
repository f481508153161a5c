import { memoryStore, type Store, startRuntime, systemClock } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { DAY_MS, idlers } from "../population/idlers.ts";
import { settledMemory } from "../settled-memory.ts";
import { GROUP } from "../turns/rings.ts";

// How much memory actors take that have done something once and now wait: a process of its own, told how many
// there are to be and on which store, that prints what it took as JSON.

export interface IdleMemory {
  readonly store: string;
  readonly actors: number;
  readonly rssMb: number;
  /** Of the process's memory, what live objects and buffers take. */
  readonly heapMb: number;
  readonly buffersMb: number;
}

async function measure(store: Store, actors: number): Promise<IdleMemory> {
  const groups = Math.ceil(actors / GROUP);
  const all = Promise.withResolvers<void>();
  let greeted = 0;
  const root = idlers(GROUP, () => {
    greeted += 1;
    if (greeted === groups * GROUP) all.resolve();
  });
  const runtime = await startRuntime({ store, agents: [root], settings: { idleMs: DAY_MS }, onTrouble: all.reject });
  const before = await settledMemory();

  await runtime.submit(root, groups, { limits: { children: Math.max(groups, GROUP), actors: groups * GROUP + 1 } });
  await all.promise;

  const after = await settledMemory();
  await runtime.close();
  const toMb = (pick: "rss" | "heapUsed" | "arrayBuffers") => (after[pick] - before[pick]) / 2 ** 20;
  return {
    store: store.label,
    actors: groups * GROUP,
    rssMb: toMb("rss"),
    heapMb: toMb("heapUsed"),
    buffersMb: toMb("arrayBuffers"),
  };
}

if (import.meta.main) {
  const [spec = "memory", actors = "1000"] = process.argv.slice(2);
  const store = spec === "memory" ? memoryStore({ clock: systemClock }) : await postgresStore({ url: spec });
  console.log(
    JSON.stringify({ ...(await measure(store, Number(actors))), store: spec === "memory" ? "memory" : "PostgreSQL" }),
  );
  await store.close();
}
