import { sql } from "./statement.ts";

/** `$1` run. No locks. Parents before children, siblings as they were made. */
export const GROUPS_OF = sql<{ readonly name: string }>`
select name from troupe.channels where run = $1 and kind = 'group' order by depth, id`;
