import { decode, encode, type Headers, type InboxRow, type LogRow } from "@troupe/core";
import { bytea, type Column, int8, sparseBytea, text } from "../column.ts";

/** A row of `troupe.inbox`. */
export interface MailColumns extends Omit<InboxRow, "headers"> {
  readonly headers: Buffer | null;
}

/** A row of `troupe.log`. */
export interface LogColumns extends Omit<LogRow, "headers"> {
  readonly headers: Buffer | null;
}

/** Mail in the order in which the functions of the schema take its columns. */
export const MAIL_COLUMNS: readonly Column<InboxRow>[] = [
  int8((row) => row.shard),
  text((row) => row.key),
  text((row) => row.run),
  text((row) => row.channel),
  text((row) => row.sender),
  text((row) => row.recipient),
  text((row) => row.kind),
  bytea((row) => row.body),
  text((row) => row.cause),
  int8((row) => row.at),
  sparseBytea((row) => packHeaders(row.headers)),
];

/** Headers as they are stored. */
export function packHeaders(headers: Headers | null): Uint8Array | null {
  return headers === null ? null : encode(headers);
}

export function unpackHeaders(headers: Uint8Array | null): Headers | null {
  return headers === null ? null : (decode(headers) as Headers);
}

/** Bytes that travelled inside JSON, as hexadecimal digits. */
export function fromHex(hex: string): Buffer;
export function fromHex(hex: string | null): Buffer | null;
export function fromHex(hex: string | null): Buffer | null {
  return hex === null ? null : Buffer.from(hex, "hex");
}
