// Arrays in the binary format of PostgreSQL: pg and PGlite both send a Buffer as it is, which spares the server the
// parsing of text; the prototype ran 1.5 to 2 times faster than with text arrays.

const BYTEA = 17;
const INT8 = 20;
const TEXT = 25;
const HEADER = 20;
const TWO_32 = 2 ** 32;

/** A `bigint[]`; each number is a whole one within ±2^53. */
export function int8Array(values: readonly (number | null)[]): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER + values.length * 12);
  let at = writeHeader(buffer, INT8, values.length);
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
    const high = Math.floor(value / TWO_32);
    buffer.writeInt32BE(8, at);
    buffer.writeInt32BE(high, at + 4);
    buffer.writeUInt32BE(value - high * TWO_32, at + 8);
    at += 12;
  }
  return buffer.subarray(0, at);
}

/** A `text[]`. A lone surrogate becomes U+FFFD; a NUL character is refused by the database. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let most = HEADER;
  for (const value of values) most += 4 + (value === null ? 0 : value.length * 3);
  const buffer = Buffer.allocUnsafe(most);
  let at = writeHeader(buffer, TEXT, values.length);
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    const bytes = buffer.write(value, at + 4, "utf8");
    buffer.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  return buffer.subarray(0, at);
}

/** A `bytea[]`. */
export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  let size = HEADER;
  for (const value of values) size += 4 + (value === null ? 0 : value.length);
  const buffer = Buffer.allocUnsafe(size);
  let at = writeHeader(buffer, BYTEA, values.length);
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : value.length, at);
    if (value === null) continue;
    buffer.set(value, at);
    at += value.length;
  }
  return buffer.subarray(0, at);
}

/** One dimension from 1; an empty array has none. The flag for nulls may be set without any. */
function writeHeader(buffer: Buffer, type: number, length: number): number {
  buffer.writeInt32BE(length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(length === 0 ? 0 : 1, 4);
  buffer.writeInt32BE(type, 8);
  if (length === 0) return 12;
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return HEADER;
}
