import type { Settings } from "troupe";

const MIB = 1024 * 1024;

/**
 * Bounds that are wider than usual, for what one file can hold: a script of 8 MiB may import from 8 MiB of one path,
 * and a file of to-dos fills megabytes. Usual mail is well below 256 KiB.
 */
export const BOUNDS: Partial<Settings> = {
  stepBytes: 48 * MIB,
  bodyBytes: 48 * MIB,
  stateBytes: 64 * MIB,
  outBytes: 256 * MIB,
  mailboxBytes: 256 * MIB,
  // An audit that was killed goes on that much sooner; no single file keeps the process busy for nearly as long.
  leaseMs: 5_000,
  // Whoever kills an audit again and again is no sign that a message is deadly.
  crashes: 1_000,
  // The lead hears from every group of a large tree, and an owner passes the questions of many on to many.
  mailboxMessages: 10_000,
  outMessages: 10_000,
};
