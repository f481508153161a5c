import { sql } from "./statement.ts";

/** `$1` channel, `$2` seq. No locks. */
export const READ_LETTER = sql<{ readonly group: string; readonly sender: string; readonly headers: Buffer | null }>`
select c.name as group, l.sender, l.headers
from troupe.log l join troupe.channels c on c.id = l.channel
where l.channel = $1 and l.seq = $2`;

/**
 * `$1` channel, `$2` seq, `$3` actor, `$4` key, `$5` sender, `$6` headers.
 * Holds the run's row `FOR SHARE`, then locks the letter: of two replays one finds it.
 */
export const REPLAY_LETTER = sql<{ readonly replayed: boolean }>`
select troupe.replay_letter($1, $2, $3, $4, $5, $6) as replayed`;
