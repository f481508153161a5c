import type { Swept } from "@troupe/core";
import { sql } from "./statement.ts";

/** `$1` milliseconds, `$2` how many of each. Locks what it deletes, and no row that a commit writes. */
export const SWEEP = sql<Swept>`select messages, turns, steps, runs from troupe.sweep($1, $2)`;
