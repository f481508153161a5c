import type { ChannelSnapshot, LogRow, MemberSnapshot, StepRow } from "@troupe/core";
import { fromHex, unpackHeaders } from "./mail-columns.ts";
import { sql } from "./statement.ts";

type Hex<T, Key extends keyof T> = {
  readonly [K in keyof T]: K extends Key ? (null extends T[K] ? string | null : string) : T[K];
};

type MessageColumns = Hex<LogRow, "body" | "headers">;

interface MemberColumns extends Hex<MemberSnapshot, "progress" | "state"> {
  /** What is to this member alone. */
  readonly unread: readonly MessageColumns[] | null;
}

interface ChannelColumns extends Omit<ChannelSnapshot, "members" | "unread" | "steps"> {
  readonly members: readonly MemberColumns[];
  /** What is to everyone. */
  readonly unread: readonly MessageColumns[];
  readonly steps: readonly Hex<StepRow, "record">[];
}

/**
 * `$1` names. No locks. One statement, so that the parts of a snapshot belong together.
 * Mail is looked up member by member in the index on (channel, recipient, seq), once for each: what others said to each
 * other is not read, however long a member slept.
 */
export const LOAD_CHANNELS = sql<ChannelColumns>`
select
  c.id as key, c.name, c.kind, c.shard, c.run, c.depth, c.admin, c.spawner, c.head, c.wake_at as "wakeAt",
  coalesce((
    select json_agg(json_build_object(
      'name', a.name, 'definition', a.definition, 'spawner', a.spawner, 'standing', a.standing, 'cursor', a.cursor,
      'turn', a.turn, 'progress', encode(a.progress, 'hex'), 'unread', u.rows,
      'state', case when a.progress is not null or u.rows is not null or a.standing = 'active' and said.last > a.cursor
        then encode(a.state, 'hex') end
    ) order by a.name)
    from troupe.agents a
    cross join lateral (
      select json_agg(json_build_object(
        'channel', l.channel, 'seq', l.seq, 'sender', l.sender, 'recipient', l.recipient, 'kind', l.kind,
        'body', encode(l.body, 'hex'), 'cause', l.cause, 'at', l.at, 'headers', encode(l.headers, 'hex')
      )) as rows
      from troupe.log l where l.channel = c.id and l.recipient = a.name and l.seq > a.cursor
    ) u
    where a.channel = c.id
  ), '[]') as members,
  coalesce((
    select json_agg(json_build_object(
      'channel', l.channel, 'seq', l.seq, 'sender', l.sender, 'recipient', l.recipient, 'kind', l.kind,
      'body', encode(l.body, 'hex'), 'cause', l.cause, 'at', l.at, 'headers', encode(l.headers, 'hex')
    ))
    from troupe.log l where l.channel = c.id and l.recipient is null and l.seq > (
      select min(a.cursor) from troupe.agents a where a.channel = c.id and a.standing = 'active'
    )
  ), '[]') as unread,
  coalesce((
    select json_agg(json_build_object(
      'channel', s.channel, 'actor', s.actor, 'turn', s.turn, 'key', s.key, 'record', encode(s.record, 'hex'), 'at', s.at
    ) order by s.actor, s.at, s.key)
    from troupe.agents a join troupe.steps s on s.channel = a.channel and s.actor = a.name and s.turn = a.turn
    where a.channel = c.id
  ), '[]') as steps
from troupe.channels c
cross join lateral (select max(seq) as last from troupe.log where channel = c.id and recipient is null) said
where c.name = any ($1::text[])`;

export function snapshotOf({ members, unread, steps, ...channel }: ChannelColumns): ChannelSnapshot {
  const messages = [...members.flatMap((member) => member.unread ?? []), ...unread];
  return {
    ...channel,
    members: members.map(({ unread: _, ...member }) => ({
      ...member,
      progress: fromHex(member.progress),
      state: fromHex(member.state),
    })),
    unread: messages
      .sort((a, b) => a.seq - b.seq)
      .map((message) => ({
        ...message,
        body: fromHex(message.body),
        headers: unpackHeaders(fromHex(message.headers)),
      })),
    steps: steps.map((step) => ({ ...step, record: fromHex(step.record) })),
  };
}
