import { type FaultCode, isFault, TroupeError } from "@troupe/core";

/** Raised by the functions of the schema; see `0002-commit.sql`. */
export const RAISED = { fenced: "TR001", ended: "TR002", overLimit: "TR003", rejected: "TR004" } as const;

/**
 * SQLSTATEs, or their first two letters, of what will not change when it is tried again: data exceptions, broken
 * constraints, a value too large, our own refusal. Everything else may pass: lost connections (08), deadlocks and locks
 * (40, 55), a server that is full (53) or stops (57), and what an operator can mend (28, 42).
 */
const HOPELESS = ["22", "23", "54", RAISED.rejected];

/** The same for opening: the database is there, and is not one that this program can use. */
const UNUSABLE = ["0A", "28", "3D", "3F", "42", RAISED.rejected];

/** The database's code for an error; undefined when the error did not come from a database. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error && "severity" in error && "code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The JSON that a function of the schema raised. */
export function raisedDetail(error: unknown): unknown {
  return JSON.parse((error as { detail: string }).detail);
}

/** True when the connection, not the statement, is in trouble. */
export function isConnectionTrouble(error: unknown): boolean {
  if (isFault(error)) return false;
  const state = sqlState(error);
  return state === undefined || ["08", "53", "57P"].some((code) => state.startsWith(code));
}

/** A driver's error in the words of the store port. */
export function storeError(error: unknown): TroupeError {
  return fault(error, HOPELESS, "commit_rejected");
}

/** The same while a store is being opened; the detail begins with which store it is. */
export function openingError(error: unknown, label: string): TroupeError {
  const { code, detail } = fault(error, UNUSABLE, "store_invalid");
  return new TroupeError(code, detail === undefined ? label : `${label}: ${detail}`, error);
}

function fault(error: unknown, codes: readonly string[], code: FaultCode): TroupeError {
  if (isFault(error)) return error;
  const state = sqlState(error) ?? "";
  const listed = codes.some((prefix) => state.startsWith(prefix)) || error instanceof RangeError;
  return new TroupeError(listed ? code : "store_unavailable", describe(error, state), error);
}

function describe(error: unknown, state: string): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses of one host, all refused: an AggregateError without words.
  const text = error.message || String((error as { code?: unknown }).code ?? error.name);
  return state === "" ? text : `${text} (${state})`;
}
