import { decode } from "@troupe/core";

/**
 * A message's body, an input or a result as JSON can hold it: bigints and numbers that are none as text, dates in ISO
 * form, maps as lists of pairs, sets as lists, bytes in base64.
 */
export function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Map) return [...value].map(plainValue);
  if (value instanceof Set) return [...value].map(plainValue);
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("base64");
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof RegExp) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainValue(each)]));
}

/** What stored bytes say. They come from agents: what cannot be read is said, and stops nothing. */
export function plainBytes(bytes: Uint8Array): unknown {
  try {
    return plainValue(decode(bytes));
  } catch (error) {
    return `(${bytes.length} bytes that cannot be read: ${error instanceof Error ? error.message : String(error)})`;
  }
}
