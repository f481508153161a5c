import type { DeadLetter } from "@troupe/core";
import { sql } from "./statement.ts";

type DeadLetterColumns = Omit<DeadLetter, "id">;

/** `$1` run or null for all, `$2` how many, the newest first. No locks. */
export const DEAD_LETTERS = sql<DeadLetterColumns>`
select d.channel, d.seq, d.actor, d.reason, d.attempts, d.error, d.at, c.name as group, l.sender, l.kind, l.body
from troupe.dead_letters d
join troupe.channels c on c.id = d.channel
join troupe.log l on l.channel = d.channel and l.seq = d.seq
where $1::text is null or c.run = $1
order by d.at desc, d.channel, d.seq desc, d.actor limit $2`;

export function deadLetterOf(row: DeadLetterColumns): DeadLetter {
  return { ...row, id: `${row.channel}:${row.seq}:${row.actor}` };
}

/** The parts of a dead letter's id; undefined if it is none. */
export function parseDeadLetter(id: string): { channel: number; seq: number; actor: string } | undefined {
  const match = /^(\d{1,15}):(\d{1,15}):(.+)$/.exec(id);
  return match ? { channel: Number(match[1]), seq: Number(match[2]), actor: String(match[3]) } : undefined;
}
