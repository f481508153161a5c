import type { RunRow } from "@troupe/core";
import { plainBytes } from "./plain-value.ts";

/** A run as `--json` shows it: its row, with what it was given and what it brought in plain form. */
export function runJson(run: RunRow) {
  return {
    ...run,
    input: plainBytes(run.input),
    result: run.result === null ? null : plainBytes(run.result),
  };
}
