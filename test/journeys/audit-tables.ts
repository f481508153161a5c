import { Client } from "pg";

type Query = (statement: string) => Promise<readonly object[]>;

/** Each names what must not be in a store whose runs are all over: rows are wrongs. */
const WRONGS = {
  "a log with gaps": `
    select c.name, c.head, count(l.seq), min(l.seq), max(l.seq)
    from troupe.channels c left join troupe.log l on l.channel = c.id
    group by c.id having c.head <> count(l.seq) or c.head <> coalesce(max(l.seq), 0)`,
  "a message that was not handled exactly once": `
    select l.channel, l.seq, l.recipient, l.kind, count(t.turn)
    from troupe.log l
      join troupe.channels c on c.id = l.channel and c.kind = 'group'
      left join troupe.turns t on t.channel = l.channel and t.actor = l.recipient and t.outcome = 'done'
        and l.seq between t.first_seq and t.last_seq
    where l.recipient is not null
    group by l.channel, l.seq having count(t.turn) <> 1`,
  "an actor whose turns are not numbered without gaps": `
    select a.channel, a.name, a.turn, count(t.turn)
    from troupe.agents a left join troupe.turns t on t.channel = a.channel and t.actor = a.name and t.outcome = 'done'
    group by a.channel, a.name having a.turn <> count(t.turn) + 1 or a.turn <> coalesce(max(t.turn), 0) + 1`,
  "messages handled out of order": `
    select * from (
      select t.channel, t.actor, t.turn, t.first_seq,
        lag(t.last_seq) over (partition by t.channel, t.actor order by t.turn) as before
      from troupe.turns t
    ) o where o.first_seq <= o.before`,
  "a turn that failed": `select * from troupe.turns where outcome <> 'done'`,
  "a dead letter": `select * from troupe.dead_letters`,
  "mail left in the inbox": `select shard, key from troupe.inbox where admitted_at is null`,
  "a run whose account is wrong": `
    select r.id, r.messages from troupe.runs r
    where r.messages <> (select count(*) from troupe.channels c join troupe.log l on l.channel = c.id where c.run = r.id)`,
} as const;

/** What is wrong in the tables, by its name; nothing if everything was handled exactly once and in order. */
export async function auditTables(query: Query): Promise<Record<string, readonly object[]>> {
  const found: Record<string, readonly object[]> = {};
  for (const [what, statement] of Object.entries(WRONGS)) {
    const rows = await query(statement);
    if (rows.length > 0) found[what] = rows.slice(0, 5);
  }
  return found;
}

export async function auditPostgres(url: string): Promise<Record<string, readonly object[]>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await auditTables(async (statement) => (await client.query<object>(statement)).rows);
  } finally {
    await client.end();
  }
}
