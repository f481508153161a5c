import { sql } from "./statement.ts";

/** `$1` channel, `$2` seq, `$3` actor. Locks the run's row, then the letter: of two replays one finds it. */
export const REPLAY_LETTER = sql<{ readonly replayed: boolean }>`
select troupe.replay_letter($1, $2, $3) as replayed`;
