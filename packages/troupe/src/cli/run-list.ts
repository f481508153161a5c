import type { RunRow } from "@troupe/core";
import { count, duration } from "./amounts.ts";
import { type Colours, statusPaint } from "./colours.ts";
import { printable } from "./printable.ts";
import { type Row, tableLines } from "./table.ts";

const TITLES = ["RUN", "KEY", "AGENT", "STATUS", "TURNS", "ACTORS", "AGE", "TOOK"];

/** Runs as a table, one to a line. */
export function runListLines(
  runs: readonly RunRow[],
  now: number,
  width: number | undefined,
  colours: Colours,
): string[] {
  const title: Row = { cells: TITLES.map((text) => ({ text, paint: colours.dim, ...numeric(text) })) };
  return tableLines([title, ...runs.map((run) => runRow(run, now, colours))], width);
}

function runRow(run: RunRow, now: number, colours: Colours): Row {
  return {
    cells: [
      { text: run.id, paint: colours.bold },
      { text: printable(run.key ?? "-") },
      { text: printable(run.definition) },
      { text: run.status, paint: statusPaint(run.status, colours) },
      { text: count(run.spent.turns), align: "right" },
      { text: count(run.spent.actors), align: "right" },
      { text: duration(now - run.createdAt) },
      { text: run.endedAt === null ? "-" : duration(run.endedAt - run.createdAt) },
    ],
  };
}

function numeric(title: string): { align: "right" } | object {
  return title === "TURNS" || title === "ACTORS" ? { align: "right" } : {};
}
