import { Packr } from "msgpackr";
import { TroupeError } from "./fault.ts";

// Records are what tells an object from a Map; without shared structures each value carries its own, so any process can read it.
const packr = new Packr({ useRecords: true, moreTypes: true, useBigIntExtension: true, copyBuffers: true });

/** A value as msgpack. Throws `value_unserializable` for what msgpack cannot hold (functions, symbols, circles). */
export function encode(value: unknown): Uint8Array {
  try {
    return packr.pack(value);
  } catch (cause) {
    throw new TroupeError("value_unserializable", cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The value of what `encode` wrote; a fresh copy each time. */
export function decode(bytes: Uint8Array): unknown {
  return packr.unpack(bytes);
}
