import { cut } from "./brief.ts";

/** A place in a table: its text, and how it is painted once its width is known. */
interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
  readonly align?: "right";
}

/** The cells of a row; the last may stretch over all the columns that are left. */
export interface Row {
  readonly cells: readonly Cell[];
  readonly spans?: boolean;
}

const GAP = "  ";

/** Lines with their columns in line. The last column is cut where the screen ends, if it does. */
export function tableLines(rows: readonly Row[], screenWidth: number | undefined): string[] {
  const widths = columnWidths(rows);
  return rows.map(({ cells }) => rowLine(cells, widths, screenWidth));
}

function columnWidths(rows: readonly Row[]): number[] {
  const widths: number[] = [];
  for (const { cells, spans } of rows) {
    const own = spans ? cells.slice(0, -1) : cells;
    for (const [column, { text }] of own.entries()) widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return widths;
}

function rowLine(cells: readonly Cell[], widths: readonly number[], screenWidth: number | undefined): string {
  let used = 0;
  let line = "";
  for (const [column, { text, paint, align }] of cells.entries()) {
    const width = widths[column] ?? 0;
    const isLast = column === cells.length - 1;
    const room = isLast && screenWidth !== undefined ? Math.max(8, screenWidth - used) : text.length;
    const shown = cut(text, room);
    const blanks = " ".repeat(Math.max(0, width - shown.length));
    const painted = paint ? paint(shown) : shown;
    if (align === "right") line += blanks + painted;
    else line += isLast ? painted : painted + blanks;
    if (!isLast) line += GAP;
    used += width + GAP.length;
  }
  return line;
}
