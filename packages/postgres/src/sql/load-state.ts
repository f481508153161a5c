import { sql } from "./statement.ts";

/** `$1` channel, `$2` actor. No locks. */
export const LOAD_STATE = sql<{ readonly state: Buffer }>`
select state from troupe.agents where channel = $1 and name = $2`;
