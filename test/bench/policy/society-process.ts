import { Runtime } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { callsOf, makeSociety } from "./society.ts";
import { societyAgents } from "./society-agents.ts";

// A policy simulation on a whole runtime, as a process of its own: told the store, how many agents there are, and how long
// their calls take. Prints how long it took, from the submission to the result, as JSON.

export interface SocietyTime {
  readonly ms: number;
  readonly calls: number;
}

async function simulate(url: string, agents: number, leastMs: number, mostMs: number): Promise<SocietyTime> {
  const society = makeSociety(agents, { leastMs, mostMs });
  const store = await postgresStore({ url });
  const failed = Promise.withResolvers<never>();
  const [head, ...others] = societyAgents(society);
  const runtime = new Runtime({ store, agents: [head, ...others], onTrouble: failed.reject });
  await runtime.start();
  const startedAt = performance.now();
  const run = await runtime.submit(head, null, { limits: { children: Math.max(society.ministries.length, 64) } });
  const calls = await Promise.race([run.result(), failed.promise]);
  const ms = performance.now() - startedAt;
  if (calls !== callsOf(society)) throw new Error(`${String(calls)} calls were reported, of ${callsOf(society)}`);
  await runtime.close();
  await store.close();
  return { ms, calls: callsOf(society) };
}

if (import.meta.main) {
  const [url = "", agents = "", least = "", most = ""] = process.argv.slice(2);
  console.log(JSON.stringify(await simulate(url, Number(agents), Number(least), Number(most))));
}
