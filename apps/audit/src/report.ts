import { z } from "zod";
import { type BytePath, displayPath, textOf } from "./byte-path.ts";
import { addCounts, noCounts, type Tally } from "./tally.ts";

const count = z.int().nonnegative();
const path = z.string();

/**
 * What the audit says of a code base. Paths are relative, with `/`; bytes that are not UTF-8 are U+FFFD.
 * Lists are in the byte order of their paths, then by line; `longest` by lines, most first, then path.
 */
export const reportSchema = z.strictObject({
  files: count,
  binaryFiles: count,
  bytes: count,
  lines: count,
  folders: z.array(
    z.strictObject({ path, files: count, binaryFiles: count, bytes: count, lines: count, todos: count }),
  ),
  extensions: z.array(z.strictObject({ extension: z.string(), files: count, lines: count })),
  todos: z.array(z.strictObject({ path, line: z.int().positive(), text: z.string() })),
  imports: z.array(z.strictObject({ from: path, to: path, count: z.int().positive() })),
  unresolved: z.array(z.strictObject({ path, specifier: z.string() })),
  longest: z.array(z.strictObject({ path, lines: count })),
  unreadable: z.array(z.strictObject({ path, error: z.string() })),
});

/** What the audit says of a code base; see {@link reportSchema}. */
export type Report = z.infer<typeof reportSchema>;

/** The report of a whole tally, whose lists are in the report's order already. */
export function reportOf(tally: Tally): Report {
  const { todos: _, ...totals } = tally.folders.reduce(addCounts, noCounts);
  return {
    ...totals,
    folders: tally.folders.map(withPathAsText),
    extensions: tally.extensions.map((each) => ({ ...each, extension: textOf(each.extension) })),
    todos: tally.todos.map(withPathAsText),
    imports: tally.imports.map((each) => ({ ...each, from: textOf(each.from), to: textOf(each.to) })),
    unresolved: tally.unresolved.map(withPathAsText),
    longest: tally.longest.map(withPathAsText),
    unreadable: tally.unreadable.map(withPathAsText),
  };
}

/** The report as JSON: the same report gives the same bytes, also after a store or a wire has shuffled its keys. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(reportSchema.parse(report), undefined, 2)}\n`;
}

function withPathAsText<T extends { readonly path: BytePath }>(entry: T): Omit<T, "path"> & { path: string } {
  return { ...entry, path: displayPath(entry.path) };
}
