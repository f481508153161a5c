import { judgeAims } from "./aims.ts";
import type { Comparison, Latency } from "./compare.ts";
import type { Findings } from "./measure.ts";
import type { MemoryRate } from "./memory-rate.ts";

/** The findings for people. */
export function report(findings: Findings): string {
  const { machine, postgres, embedded, memory, idle } = findings;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; ${versions.join(", ")}`,
    `load average ${machine.load.join(" ")}; write and fdatasync of 8 KiB: ${machine.fdatasyncUs.toFixed(0)} µs (median)`,
  ];
  if (postgres) {
    const title = `PostgreSQL ${postgres.version}, fsync ${postgres.fsync}`;
    lines.push("", ...comparisonTable(title, postgres.sizes), ...postgres.sizes.filter(isSingle).flatMap(hopLines));
  }
  if (embedded) lines.push("", ...comparisonTable("embedded (PGlite, no flush)", embedded));
  if (memory) lines.push("", ...memoryTable(memory));
  for (const { store, actors, rssMb, heapMb, buffersMb } of idle ?? []) {
    const each = ((rssMb * 2 ** 20) / actors).toFixed(0);
    const all = actors.toLocaleString("en");
    lines.push(
      "",
      `${all} idle actors on ${store}: ${rssMb.toFixed(0)} MB resident (${heapMb.toFixed(0)} of objects, ${buffersMb.toFixed(0)} of buffers), ${each} bytes each`,
    );
  }
  const aims = judgeAims(findings).map(({ what, aim, found, reached }) => [
    what,
    aim,
    found,
    reached ? "reached" : "MISSED",
  ]);
  if (aims.length > 0) lines.push("", ...table([["aim", "", "found", ""], ...aims]));
  return lines.join("\n");
}

function isSingle({ active }: Comparison): boolean {
  return active === 1;
}

function hopLines({ hop, bareCommit }: Comparison): string[] {
  const words = ({ p50, p99 }: Latency) => `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  return [`one hop: ${words(hop)}; bare commit: ${words(bareCommit)}`];
}

function comparisonTable(title: string, comparisons: readonly Comparison[]): string[] {
  const head = ["active", "turns/s", "bare/s", "ratio", "min", "max", "turns/commit", "committing"];
  const rows = comparisons.map(({ active, turns, bareTurns, ratio, turnsPerCommit, committing }) => [
    active.toLocaleString("en"),
    Math.round(turns).toLocaleString("en"),
    Math.round(bareTurns).toLocaleString("en"),
    ratio.median.toFixed(2),
    ratio.min.toFixed(2),
    ratio.max.toFixed(2),
    turnsPerCommit.toFixed(1),
    `${(committing * 100).toFixed(0)}%`,
  ]);
  return [title, ...table([head, ...rows])];
}

function memoryTable(rates: readonly MemoryRate[]): string[] {
  const rows = rates.map((rate) =>
    [rate.active, rate.turns, rate.min, rate.max, rate.perCpu].map((n) => Math.round(n).toLocaleString("en")),
  );
  return ["memory", ...table([["active", "turns/s", "min", "max", "per CPU s"], ...rows])];
}

/** Columns as wide as their widest cell; the first is flush left. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}
