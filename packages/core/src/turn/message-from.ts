import { type ChannelName, senderAddress } from "../address.ts";
import { decode } from "../codec.ts";
import type { Message } from "../message.ts";
import type { LogRow } from "../ports/rows.ts";

/** A row of a channel as a behaviour sees it. */
export function messageFrom(row: LogRow, channel: ChannelName): Message {
  return {
    id: messageId(row),
    kind: row.kind,
    body: row.body.length === 0 ? undefined : decode(row.body),
    from: senderAddress(row.sender, channel),
    at: row.at,
    broadcast: row.recipient === null,
    ask: row.headers?.ask,
  };
}

export function messageId(row: LogRow): string {
  return `${row.channel}:${row.seq}`;
}
