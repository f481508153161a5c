import { setTimeout as wait } from "node:timers/promises";
import { type RunId, startRuntime } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { idlers } from "./idlers.ts";

export interface RunPlan {
  readonly groups: number;
  /** Of each group; the run has one actor more, its root. */
  readonly members: number;
}

/** Lets the runtime make a run whose actors have all taken a turn, and are passive once it is closed. */
export async function makeFirstRun(url: string, { groups, members }: RunPlan): Promise<RunId> {
  const all = Promise.withResolvers<void>();
  let greeted = 0;
  const root = idlers(members, () => {
    greeted += 1;
    if (greeted === groups * members) all.resolve();
  });
  const store = await postgresStore({ url });
  const runtime = await startRuntime({ store, agents: [root], onTrouble: all.reject });
  const limits = { children: Math.max(groups, members, 64), members: Math.max(members, 64) };
  const { id } = await runtime.submit(root, groups, { limits });
  await all.promise;
  while (await isAtWork(store, id)) await wait(20);
  await runtime.close();
  await store.close();
  return id;
}

async function isAtWork(store: Awaited<ReturnType<typeof postgresStore>>, run: RunId): Promise<boolean> {
  const inspected = await store.inspect(run);
  return inspected === undefined || inspected.groups.some(({ wakeAt }) => wakeAt !== null && wakeAt <= Date.now());
}
