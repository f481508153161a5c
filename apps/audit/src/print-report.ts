import { styleText } from "node:util";
import type { Report } from "./report.ts";
import { addCounts, type Counts, noCounts } from "./tally.ts";

/** How to print: with colour only when the reader wants it, in lines of at most `width` cells. */
export type PrintOptions = { readonly colour: boolean; readonly width: number };

type Style = "bold" | "dim" | "cyan" | "yellow" | "red";
type Cell = { readonly text: string; readonly style?: Style; readonly right?: boolean; readonly keepEnd?: boolean };
type Folder = Report["folders"][number];

const MIN_WIDTH = 60;
const MIN_COLUMN = 4;
const MAX_ROWS = 12;
const MAX_TODOS = 20;
const GAP = 2;

/** Control, format and separator characters, which could move the cursor, hide text or turn it around. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60\u3000-\u303E]/u;

const graphemes = new Intl.Segmenter("en");
const numbers = new Intl.NumberFormat("en");

/** The report for people, ending in a newline. Nothing that a file is called or says can reach the terminal as a command. */
export function printReport(report: Report, options: PrintOptions): string {
  const sections = [
    [totalsLine(report)],
    section("Folders", folderRows(report.folders)),
    section("Extensions", extensionRows(report)),
    section("Imports between folders", importRows(report)),
    section("To-dos", todoRows(report)),
    section(
      "Longest",
      report.longest.map((file) => [amount(file.lines), path(file.path)]),
    ),
    section("Imports that lead nowhere", unresolvedRows(report)),
    section("Unreadable", unreadableRows(report)),
  ];
  const width = Math.max(MIN_WIDTH, options.width);
  const lines = sections
    .filter((rows) => rows.length > 0)
    .map((rows) => layOut(rows, { ...options, width }).join("\n"));
  return `${lines.join("\n\n")}\n`;
}

function totalsLine(report: Report): Cell[] {
  const parts = [plural(report.files, "file"), size(report.bytes), plural(report.lines, "line")];
  if (report.binaryFiles > 0) parts.push(`${numbers.format(report.binaryFiles)} binary`);
  return [{ text: parts.join(" · "), style: "bold" }];
}

/** A heading and its rows, or nothing. A row of one cell stands by itself, outside the columns. */
function section(heading: string, rows: readonly Cell[][]): Cell[][] {
  return rows.length === 0 ? [] : [[{ text: heading, style: "bold" }], ...rows];
}

function folderRows(folders: readonly Folder[]): Cell[][] {
  if (folders.length === 0) return [];
  const byLines = folders.toSorted((a, b) => b.lines - a.lines || b.bytes - a.bytes);
  const rest = byLines.slice(MAX_ROWS);
  const rows = byLines.slice(0, MAX_ROWS).map((folder) => [path(folder.path), ...countCells(folder)]);
  if (rest.length > 0) {
    const label: Cell = { text: `and ${numbers.format(rest.length)} more`, style: "dim" };
    rows.push([label, ...countCells(rest.reduce(addCounts, noCounts))]);
  }
  const head = ["", "files", "binary", "size", "lines", "to-dos"];
  return [head.map((text): Cell => ({ text, style: "dim", right: true })), ...rows];
}

function countCells({ files, binaryFiles, bytes, lines, todos }: Counts): Cell[] {
  return [amount(files), amount(binaryFiles), { text: size(bytes), right: true }, amount(lines), amount(todos)];
}

function extensionRows(report: Report): Cell[][] {
  const byFiles = report.extensions.toSorted((a, b) => b.files - a.files);
  const named = byFiles
    .slice(0, MAX_ROWS)
    .map((each) => `${safe(each.extension) || "(none)"} ${numbers.format(each.files)}`);
  const rest = byFiles.length - named.length;
  return named.length === 0
    ? []
    : [[{ text: `  ${[...named, ...(rest > 0 ? [`${numbers.format(rest)} more`] : [])].join(" · ")}` }]];
}

function importRows(report: Report): Cell[][] {
  const across = report.imports.filter((each) => each.from !== each.to).toSorted((a, b) => b.count - a.count);
  return limited(across, MAX_ROWS, (each) => [
    amount(each.count),
    { text: `${safe(each.from)} → ${safe(each.to)}`, style: "cyan" },
  ]);
}

function todoRows(report: Report): Cell[][] {
  return limited(report.todos, MAX_TODOS, (todo) => [
    path(`${todo.path}:${todo.line}`),
    { text: safe(todo.text.trim().replaceAll(/\s+/g, " ")) },
  ]);
}

function unresolvedRows(report: Report): Cell[][] {
  return limited(report.unresolved, MAX_ROWS, (each) => [
    path(each.path),
    { text: safe(each.specifier), style: "yellow" },
  ]);
}

function unreadableRows(report: Report): Cell[][] {
  return limited(report.unreadable, MAX_ROWS, (each) => [path(each.path), { text: safe(each.error), style: "red" }]);
}

function limited<T>(entries: readonly T[], most: number, row: (entry: T) => Cell[]): Cell[][] {
  const rows = entries.slice(0, most).map(row);
  const rest = entries.length - rows.length;
  return rest > 0 ? [...rows, [{ text: `  and ${numbers.format(rest)} more`, style: "dim" }]] : rows;
}

function path(text: string): Cell {
  return { text: safe(text), style: "cyan", keepEnd: true };
}

function amount(count: number): Cell {
  return { text: numbers.format(count), right: true };
}

function plural(count: number, noun: string): string {
  return `${numbers.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor((String(bytes).length - 1) / 3)));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}

/** Columns as wide as their widest cell; when that is too much, the widest column of text gives way. */
function layOut(rows: readonly (readonly Cell[])[], { colour, width }: PrintOptions): string[] {
  const table = rows.filter((row) => row.length > 1);
  const columns = (table[0] ?? []).map((_, at) => table.map((row) => row[at] ?? { text: "" }));
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => widthOf(cell.text))));
  const flexible = [...widths.keys()].filter((at) => columns[at]?.some((cell) => !cell.right));
  for (let over = widths.reduce((sum, each) => sum + each + GAP, 0) - width; over > 0; over--) {
    const widest = flexible.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a), flexible[0] ?? 0);
    widths[widest] = Math.max(MIN_COLUMN, (widths[widest] ?? 0) - 1);
  }
  return rows.map((row) =>
    row.length === 1
      ? row.map((cell) => paint(cut(cell, width), cell.style, colour)).join("")
      : row
          .map((cell, at) => " ".repeat(GAP) + pad(cell, widths[at] ?? 0, colour))
          .join("")
          .trimEnd(),
  );
}

function pad(cell: Cell, width: number, colour: boolean): string {
  const text = cut(cell, width);
  const space = " ".repeat(width - widthOf(text));
  const painted = paint(text, cell.style, colour);
  return cell.right ? space + painted : painted + space;
}

/** A path is known by its end, other text by its beginning. */
function cut(cell: Cell, width: number): string {
  if (widthOf(cell.text) <= width) return cell.text;
  const parts = [...graphemes.segment(cell.text)].map((part) => part.segment);
  if (cell.keepEnd) parts.reverse();
  let [kept, room] = ["", width - 1];
  for (const part of parts) {
    room -= widthOf(part);
    if (room < 0) break;
    kept = cell.keepEnd ? part + kept : kept + part;
  }
  return cell.keepEnd ? `…${kept}` : `${kept}…`;
}

/** How many terminal cells a text takes: two for a Chinese, Japanese or Korean character and an emoji. */
function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

function safe(text: string): string {
  return text.replaceAll("\n", "\\n").replace(UNSAFE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

function paint(text: string, style: Style | undefined, colour: boolean): string {
  return colour && style ? styleText(style, text, { validateStream: false }) : text;
}
