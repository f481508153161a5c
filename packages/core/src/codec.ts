import { Packr } from "msgpackr";
import { TroupeError } from "./fault.ts";

// msgpack has one sort of map. Taken for objects, it is a third faster than with msgpackr's records, which tell an object
// from a Map. So records are for values that hold a Map, behind a byte that msgpack never begins with.
const plain = new Packr({ useRecords: false, moreTypes: true, useBigIntExtension: true, copyBuffers: true });
const recorded = new Packr({ useRecords: true, moreTypes: true, useBigIntExtension: true, copyBuffers: true });
const RECORDED = 0xc1;

/** A value as msgpack. Throws `value_unserializable` for what msgpack cannot hold (functions, symbols, circles). */
export function encode(value: unknown): Uint8Array {
  try {
    return holdsMap(value) ? packRecorded(value) : plain.pack(value);
  } catch (cause) {
    throw new TroupeError("value_unserializable", cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The value of what `encode` wrote; a fresh copy each time. */
export function decode(bytes: Uint8Array): unknown {
  return bytes[0] === RECORDED ? recorded.unpack(bytes.subarray(1)) : plain.unpack(bytes);
}

function packRecorded(value: unknown): Uint8Array {
  const packed = recorded.pack(value);
  const bytes = new Uint8Array(packed.length + 1);
  bytes[0] = RECORDED;
  bytes.set(packed, 1);
  return bytes;
}

/** Looks all through a value. Throws for what would be lost without a word. */
function holdsMap(value: unknown): boolean {
  if (typeof value === "function" || typeof value === "symbol")
    throw new TypeError(`a ${typeof value} cannot be stored`);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  if (value instanceof Map) return true;
  if (Array.isArray(value)) return value.some(holdsMap);
  if (value instanceof Set) return [...value].some(holdsMap);
  for (const key in value) if (holdsMap(value[key as keyof typeof value])) return true;
  return false;
}
