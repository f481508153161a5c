import { TroupeError } from "./fault.ts";

/** Bounds and times of a worker. Bytes are of msgpack; times are milliseconds. */
export interface Settings {
  /** A worker that has not renewed for so long has lost its shards. */
  readonly leaseMs: number;
  /** How often the inbox is looked at when no doorbell rang. */
  readonly pollMs: number;
  /** What nothing has happened to for so long leaves memory. */
  readonly idleMs: number;
  /** Turns under way at once, parked ones not counted. */
  readonly turns: number;
  /** Turns and other writes that may wait for a commit before no new turn is started. */
  readonly settled: number;
  /** Writes in one commit. */
  readonly commitWrites: number;
  /** Bytes of bodies and states in one commit; one write that is larger goes alone. */
  readonly commitBytes: number;
  readonly mailboxMessages: number;
  readonly mailboxBytes: number;
  /** What one turn may send. */
  readonly outMessages: number;
  readonly outBytes: number;
  readonly bodyBytes: number;
  readonly stateBytes: number;
  readonly stepBytes: number;
  /** A turn's time, without the time it is parked. */
  readonly turnMs: number;
  /** How long an `ask` waits. */
  readonly askMs: number;
  /** Workers that may die during one turn before its message is a dead letter. */
  readonly crashes: number;
  /** Consumed messages, turns and steps older than this are removed. */
  readonly retentionMs: number;
  readonly sweepMs: number;
  /** How long `close` waits for the turns under way. */
  readonly graceMs: number;
}

export const DEFAULT_SETTINGS: Settings = {
  leaseMs: 10_000,
  pollMs: 1_000,
  idleMs: 30_000,
  turns: 16_384,
  settled: 8_192,
  commitWrites: 4_096,
  commitBytes: 8 * 1024 * 1024,
  mailboxMessages: 1_000,
  mailboxBytes: 8 * 1024 * 1024,
  outMessages: 1_000,
  outBytes: 8 * 1024 * 1024,
  bodyBytes: 256 * 1024,
  stateBytes: 1024 * 1024,
  stepBytes: 1024 * 1024,
  turnMs: 300_000,
  askMs: 300_000,
  crashes: 10,
  retentionMs: 7 * 24 * 3_600_000,
  sweepMs: 3_600_000,
  graceMs: 5_000,
};

/** Fills in what is missing. Throws `config_invalid` for an unknown name or a value that is not a positive whole number. */
export function settingsFrom(given: Partial<Settings>): Settings {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in DEFAULT_SETTINGS))
      throw new TroupeError("config_invalid", `${name}; there are ${Object.keys(DEFAULT_SETTINGS).join(", ")}`);
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TroupeError("config_invalid", `${name} is ${String(value)}; it must be a whole number from 1`);
  }
  return { ...DEFAULT_SETTINGS, ...given };
}
