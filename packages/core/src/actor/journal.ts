import { decode, encode } from "../codec.ts";
import type { ChannelKey, StepRow } from "../ports/rows.ts";

/** What a turn remembers under a key. A `timeout` lies beside its ask, under the ask's key and a bang. */
export type JournalRecord =
  | { readonly type: "value"; readonly value: Uint8Array }
  | { readonly type: "ask"; readonly to: string; readonly dueAt: number }
  | { readonly type: "sleep"; readonly dueAt: number }
  | { readonly type: "timeout" };

export function timeoutKey(askKey: string): string {
  return `${askKey}!`;
}

/** What a reply names to say which question it answers. */
export function askToken(turn: number, key: string): string {
  return `${turn}/${key}`;
}

export function stepRow(
  channel: ChannelKey,
  actor: string,
  turn: number,
  key: string,
  record: JournalRecord,
  at: number,
): StepRow {
  return { channel, actor, turn, key, record: encode(record), at };
}

export function readJournal(rows: readonly StepRow[], actor: string): Map<string, JournalRecord> | undefined {
  const own = rows.filter((row) => row.actor === actor);
  return own.length === 0 ? undefined : new Map(own.map((row) => [row.key, decode(row.record) as JournalRecord]));
}

/** Takes back what did not become durable. */
export function forget(
  { journal, turn }: { readonly journal: Map<string, JournalRecord> | undefined; readonly turn: number },
  rows: readonly StepRow[],
): void {
  for (const row of rows) if (row.turn === turn) journal?.delete(row.key);
}

export interface OpenWait {
  readonly key: string;
  readonly dueAt: number;
  /** Whose reply it waits for; undefined for a timer. */
  readonly asked: string | undefined;
}

/** The questions and timers that are still open. */
export function openWaits(journal: ReadonlyMap<string, JournalRecord>): readonly OpenWait[] {
  const waits: OpenWait[] = [];
  for (const [key, record] of journal) {
    if (record.type === "ask" && !journal.has(timeoutKey(key)))
      waits.push({ key, dueAt: record.dueAt, asked: record.to });
    if (record.type === "sleep") waits.push({ key, dueAt: record.dueAt, asked: undefined });
  }
  return waits;
}
