import { startRuntime } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { idlers } from "../population/idlers.ts";
import { settledMemory } from "../settled-memory.ts";

// What a worker takes that has taken up all shards of a store, as a process of its own; prints bytes as JSON.

export interface WorkerMemory {
  readonly resident: number;
  readonly live: number;
}

if (import.meta.main) {
  const store = await postgresStore({ url: process.argv[2] ?? "" });
  const failed = Promise.withResolvers<never>();
  const runtime = await startRuntime({ store, agents: [idlers(2, () => undefined)], onTrouble: failed.reject });
  const { rss, heapUsed, arrayBuffers } = await Promise.race([settledMemory(), failed.promise]);
  const said: WorkerMemory = { resident: rss, live: heapUsed + arrayBuffers };
  console.log(JSON.stringify(said));
  await runtime.close();
  await store.close();
}
