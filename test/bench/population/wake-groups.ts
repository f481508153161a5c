import { encode } from "@troupe/core";
import type { Client } from "pg";
import { HELLO } from "./idlers.ts";

const CHOOSE = `
create temporary table chosen on commit drop as
select id, run, head from troupe.channels where depth = 2 and kind = 'group' order by md5(name) limit $1`;

const MAIL = `
insert into troupe.log (channel, seq, at, sender, recipient, kind, body)
select id, head + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint, $1, $2, $3, $4 from chosen`;

const HEADS = "update troupe.channels c set head = c.head + 1, wake_at = 0 from chosen where c.id = chosen.id";

const CHARGES = `
update troupe.runs r set messages = r.messages + m.count
from (select run, count(*) from chosen group by run) m where r.id = m.run`;

/** Leaves one message unread in so many groups, as a worker that died before the turn would have. */
export async function wakeGroups(client: Client, groups: number): Promise<void> {
  await client.query("begin");
  const { rowCount } = await client.query(CHOOSE, [groups]);
  if (rowCount !== groups) throw new Error(`there are ${rowCount} groups, not ${groups}`);
  await client.query(MAIL, [HELLO.from, HELLO.to, HELLO.kind, Buffer.from(encode(HELLO.body))]);
  await client.query(HEADS);
  await client.query(CHARGES);
  await client.query("commit");
}
