import { checkHandling } from "./check-handling.ts";
import { checkLimits } from "./check-limits.ts";
import { checkLogs } from "./check-logs.ts";
import { checkStamps } from "./check-stamps.ts";
import { checkTurns } from "./check-turns.ts";
import type { RunHistory, Violation } from "./history.ts";
import { indexOfRun } from "./index-of-run.ts";

const CHECKS = [checkLogs, checkHandling, checkTurns, checkLimits, checkStamps] as const;

/**
 * Everything that is wrong with what a run has left behind. Checked when all that was under way has ended: a run that
 * still stands as `running` must have nothing left to do.
 */
export function checkRun(history: RunHistory): Violation[] {
  const index = indexOfRun(history);
  return CHECKS.flatMap((check) => check(history, index));
}
