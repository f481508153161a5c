import { decode } from "@troupe/core";

/**
 * A message's body, an input or a result as JSON can hold it: bigints and numbers that are none as text, dates in ISO
 * form, maps as lists of pairs, sets as lists, bytes in base64.
 */
export function plainValue(value: unknown): unknown {
  return orWhyNot(() => plain(value), "a value that cannot be shown");
}

/** What stored bytes say. */
export function plainBytes(bytes: Uint8Array): unknown {
  return orWhyNot(() => plain(decode(bytes)), `${bytes.length} bytes that cannot be read`);
}

/** Values come from agents: one that is nested without end, or damaged, stops nothing. */
function orWhyNot(work: () => unknown, what: string): unknown {
  try {
    return work();
  } catch (error) {
    return `(${what}: ${error instanceof Error ? error.message : String(error)})`;
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Map) return [...value].map(plain);
  if (value instanceof Set) return [...value].map(plain);
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString("base64");
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof RegExp) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
