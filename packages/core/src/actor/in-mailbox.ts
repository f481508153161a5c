import type { LogRow } from "../ports/rows.ts";

/** A message is counted as its body and this much for the rest of it. */
export const ROW_BYTES = 128;

/**
 * An actor's unread messages: the rows of its group's log that lie beyond its cursor and are for it, by seq.
 * Knows besides what senders have been promised but have not committed yet, so that a full mailbox is refused before anything is sent.
 */
export class InMailbox {
  #rows: LogRow[] = [];
  #first = 0;
  #bytes = 0;
  #promisedMessages = 0;
  #promisedBytes = 0;

  get length(): number {
    return this.#rows.length - this.#first;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Zero when nothing has been promised, to the byte. */
  get promised(): number {
    return Math.abs(this.#promisedMessages) + Math.abs(this.#promisedBytes);
  }

  /** The unread message at a place, 0 being the oldest. */
  at(place: number): LogRow | undefined {
    return this.#rows[this.#first + place];
  }

  push(row: LogRow): void {
    this.#rows.push(row);
    this.#bytes += row.body.length + ROW_BYTES;
  }

  /** Takes the oldest `count` away: they have been consumed. */
  shift(count: number): void {
    for (let i = 0; i < count; i++) this.#bytes -= (this.#rows[this.#first + i]?.body.length ?? 0) + ROW_BYTES;
    this.#first += count;
    if (this.#first === this.#rows.length) {
      this.#rows.length = 0;
      this.#first = 0;
    } else if (this.#first > 64 && this.#first * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#first);
      this.#first = 0;
    }
  }

  hasRoom(bytes: number, maxMessages: number, maxBytes: number): boolean {
    return (
      this.length + this.#promisedMessages < maxMessages &&
      this.#bytes + this.#promisedBytes + bytes + ROW_BYTES <= maxBytes
    );
  }

  promise(bytes: number): void {
    this.#promisedMessages += 1;
    this.#promisedBytes += bytes + ROW_BYTES;
  }

  unpromise(bytes: number): void {
    this.#promisedMessages -= 1;
    this.#promisedBytes -= bytes + ROW_BYTES;
  }
}
