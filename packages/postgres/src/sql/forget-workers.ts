import { sql } from "./statement.ts";

/** Every worker is known to be dead: what it owned is free at once, lease or not. Locks their rows. */
export const FORGET_WORKERS = sql<never>`delete from troupe.workers`;
