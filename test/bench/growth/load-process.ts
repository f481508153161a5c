import { on, once } from "node:events";
import { postgresStore } from "@troupe/postgres";
import type { RingPlan } from "../turns/rings.ts";
import { RuntimeLoad } from "../turns/runtime-load.ts";

// Rings of actors on a runtime in a process of its own. It is told the store and, in the first message, the rings. It says
// when they are there, and lets the tokens go round for so many milliseconds as each further message says.

/** What it says of a round; of the time before the first, zeros. */
export interface Said {
  readonly ms: number;
  readonly turns: number;
  readonly cpuMs: number;
}

if (import.meta.main) {
  process.on("disconnect", () => process.exit());
  const [rings] = (await once(process, "message")) as [RingPlan[]];
  const load = await RuntimeLoad.startRings(await postgresStore({ url: process.argv[2] ?? "" }), rings);
  const say = (said: Said) => process.send?.(said);
  const asked = on(process, "message");
  say({ ms: 0, turns: 0, cpuMs: 0 });
  for await (const [roundMs] of asked) {
    const { ms, turns, cpuMs } = await load.round(Number(roundMs));
    say({ ms, turns, cpuMs });
  }
}
