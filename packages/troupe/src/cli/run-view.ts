import type { RunInspection, RunRow } from "@troupe/core";
import { count, duration, moment, plural } from "./amounts.ts";
import { brief } from "./brief.ts";
import { type Colours, statusPaint } from "./colours.ts";
import { groupTreeRows } from "./group-tree.ts";
import { limitRows } from "./limit-rows.ts";
import { plainBytes } from "./plain-value.ts";
import { printable } from "./printable.ts";
import { type Row, tableLines } from "./table.ts";

/** A tree longer than this is for `--all`, or for a program. */
const TREE_ROWS = 200;
const VALUE_LENGTH = 400;

interface View {
  readonly now: number;
  readonly width: number | undefined;
  readonly colours: Colours;
  readonly all: boolean;
}

/** All there is to say about one run. */
export function runViewLines(inspection: RunInspection, view: View): string[] {
  const { run, groups, deadLetters } = inspection;
  const { now, width, colours } = view;
  return [
    ...tableLines(factRows(run, view), width),
    "",
    ...tableLines(limitRows(inspection, now, colours), width),
    "",
    ...treeLines(groupTreeRows(groups, now, colours), view),
    ...(deadLetters === 0 ? [] : ["", deadLetterLine(run, deadLetters, colours)]),
  ];
}

function factRows(run: RunRow, { now, colours }: View): Row[] {
  const fact = (name: string, text: string, paint: (text: string) => string = String): Row => ({
    cells: [
      { text: name, paint: colours.dim },
      { text, paint },
    ],
  });
  const ended = run.endedAt === null ? "" : `, ended ${duration(now - run.endedAt)} ago`;
  const resumed =
    run.resumed === 0 ? "" : `, taken up again ${run.resumed === 1 ? "once" : `${count(run.resumed)} times`}`;
  return [
    fact("run", run.id, colours.bold),
    fact("status", run.status, statusPaint(run.status, colours)),
    ...(run.error === null ? [] : [fact("error", printable(run.error), colours.red)]),
    ...(run.key === null ? [] : [fact("key", printable(run.key))]),
    fact("agent", printable(run.definition)),
    ...(run.tenant === "default" ? [] : [fact("tenant", printable(run.tenant))]),
    ...(run.deployment === "default" ? [] : [fact("deployment", printable(run.deployment))]),
    fact("started", `${moment(run.createdAt)}, ${duration(now - run.createdAt)} ago${ended}${resumed}`),
    fact("messages", count(run.spent.messages)),
    fact("input", brief(plainBytes(run.input), VALUE_LENGTH)),
    ...(run.result === null ? [] : [fact("result", brief(plainBytes(run.result), VALUE_LENGTH))]),
  ];
}

function treeLines(rows: readonly Row[], { width, all, colours }: View): string[] {
  if (all || rows.length <= TREE_ROWS) return tableLines(rows, width);
  const hidden = rows.length - TREE_ROWS;
  return [...tableLines(rows.slice(0, TREE_ROWS), width), colours.dim(`… and ${plural(hidden, "line")} more: --all`)];
}

function deadLetterLine(run: RunRow, amount: number, colours: Colours): string {
  return `${colours.red(plural(amount, "dead letter"))}: troupe dead-letters ${run.id}`;
}
