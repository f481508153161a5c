import { postgresStore } from "@troupe/postgres";
import { RuntimeLoad } from "../../turns/runtime-load.ts";
import type { StartDurable } from "../system.ts";

/** The whole runtime, with default settings. */
export const start: StartDurable = async (url, active) => {
  const load = await RuntimeLoad.start(await postgresStore({ url }), active);
  return {
    async round(ms) {
      const { turns, hops, ...round } = await load.round(ms);
      return { ms: round.ms, hops: turns, gaps: hops };
    },
  };
};
