import { table, whole } from "../table.ts";
import type { Comparison } from "./compare.ts";

const HEAD = ["active", "turns/s", "bare/s", "ratio", "min", "max", "turns/commit", "committing"];

export function comparisonTable(title: string, comparisons: readonly Comparison[]): readonly string[] {
  const rows = comparisons.map(({ active, turns, bareTurns, ratio, turnsPerCommit, committing }) => [
    whole(active),
    whole(turns),
    whole(bareTurns),
    ratio.median.toFixed(2),
    ratio.min.toFixed(2),
    ratio.max.toFixed(2),
    turnsPerCommit.toFixed(1),
    `${(committing * 100).toFixed(0)}%`,
  ]);
  return [title, ...table([HEAD, ...rows])];
}
