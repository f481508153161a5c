import { type BytePath, comparePaths, extensionOf, pathOfText, topFolderOf } from "./byte-path.ts";
import type { FileFacts, Todo } from "./file-facts.ts";

/** How many of the longest files a report names. */
const LONGEST = 10;

/** What is counted of some files; bytes of text and binary, lines and to-dos of text alone. */
export type Counts = {
  readonly files: number;
  readonly binaryFiles: number;
  readonly bytes: number;
  readonly lines: number;
  readonly todos: number;
};

/** The counts of no files. */
export const noCounts: Counts = { files: 0, binaryFiles: 0, bytes: 0, lines: 0, todos: 0 };

type FolderTally = Counts & { readonly path: BytePath };
type ExtensionTally = { readonly extension: BytePath; readonly files: number; readonly lines: number };
type TodoTally = Todo & { readonly path: BytePath };
type ImportTally = { readonly from: BytePath; readonly to: BytePath; readonly count: number };
type UnresolvedTally = { readonly path: BytePath; readonly specifier: string };
type LongFile = { readonly path: BytePath; readonly lines: number };
type UnreadableTally = { readonly path: BytePath; readonly error: string };

/**
 * What is known of a part of the files, as plain data. Tallies of parts {@link merge} in any order and
 * grouping into the same tally of the whole, so no report depends on who finished first.
 *
 * Lists stand in for maps, since a folder may be called `__proto__`. Each is in the order of the report.
 */
export type Tally = {
  readonly folders: readonly FolderTally[];
  readonly extensions: readonly ExtensionTally[];
  readonly todos: readonly TodoTally[];
  readonly imports: readonly ImportTally[];
  readonly unresolved: readonly UnresolvedTally[];
  readonly longest: readonly LongFile[];
  readonly unreadable: readonly UnreadableTally[];
};

/** The tally of nothing, and the neutral element of {@link merge}. */
export const emptyTally: Tally = {
  folders: [],
  extensions: [],
  todos: [],
  imports: [],
  unresolved: [],
  longest: [],
  unreadable: [],
};

/** The tally of one file. Its imports are tallied apart, when someone knows where they lead. */
export function tallyOf(path: BytePath, facts: FileFacts): Tally {
  const { bytes, lines, binary } = facts;
  const folder = topFolderOf(path);
  return {
    ...emptyTally,
    folders: [{ path: folder, files: 1, binaryFiles: binary ? 1 : 0, bytes, lines, todos: facts.todos.length }],
    extensions: [{ extension: extensionOf(path), files: 1, lines }],
    todos: facts.todos.map(({ line, text }) => ({ path, line, text })),
    longest: binary ? [] : [{ path, lines }],
  };
}

/** The tally of a top-level folder itself, so that one without files is in the report too. */
export function tallyOfFolder(path: BytePath): Tally {
  return { ...emptyTally, folders: [{ path, ...noCounts }] };
}

/** The tally of a file or folder that could not be read. */
export function tallyOfUnreadable(path: BytePath, error: string): Tally {
  return { ...emptyTally, unreadable: [{ path, error }] };
}

/** The tally of one import that leads from a file to a file. */
export function tallyOfImport(importer: BytePath, target: BytePath): Tally {
  return { ...emptyTally, imports: [{ from: topFolderOf(importer), to: topFolderOf(target), count: 1 }] };
}

/** The tally of one import that leads to no file. */
export function tallyOfUnresolved(importer: BytePath, specifier: string): Tally {
  return { ...emptyTally, unresolved: [{ path: importer, specifier }] };
}

/** The counts of two sets of files together. */
export function addCounts(a: Counts, b: Counts): Counts {
  return {
    files: a.files + b.files,
    binaryFiles: a.binaryFiles + b.binaryFiles,
    bytes: a.bytes + b.bytes,
    lines: a.lines + b.lines,
    todos: a.todos + b.todos,
  };
}

/** The tally of two parts together. They must not overlap: a file in both counts twice. */
export function merge(a: Tally, b: Tally): Tally {
  return {
    folders: mergeSorted(
      a.folders,
      b.folders,
      (x, y) => comparePaths(x.path, y.path),
      (x, y) => ({ path: x.path, ...addCounts(x, y) }),
    ),
    extensions: mergeSorted(
      a.extensions,
      b.extensions,
      (x, y) => comparePaths(x.extension, y.extension),
      addExtensions,
    ),
    todos: mergeSorted(a.todos, b.todos, (x, y) => comparePaths(x.path, y.path) || x.line - y.line),
    imports: mergeSorted(a.imports, b.imports, compareImports, (x, y) => ({ ...x, count: x.count + y.count })),
    unresolved: mergeSorted(a.unresolved, b.unresolved, compareUnresolved),
    longest: mergeSorted(a.longest, b.longest, compareLengths).slice(0, LONGEST),
    unreadable: mergeSorted(a.unreadable, b.unreadable, (x, y) => comparePaths(x.path, y.path)),
  };
}

/** The tally of many parts together, merged in pairs: one by one, a long list would be copied for every part. */
export function mergeAll(parts: readonly Tally[]): Tally {
  if (parts.length <= 1) return parts[0] ?? emptyTally;
  const half = parts.length >> 1;
  return merge(mergeAll(parts.slice(0, half)), mergeAll(parts.slice(half)));
}

function addExtensions(a: ExtensionTally, b: ExtensionTally): ExtensionTally {
  return { extension: a.extension, files: a.files + b.files, lines: a.lines + b.lines };
}

function compareImports(a: ImportTally, b: ImportTally): number {
  return comparePaths(a.from, b.from) || comparePaths(a.to, b.to);
}

function compareUnresolved(a: UnresolvedTally, b: UnresolvedTally): number {
  return comparePaths(a.path, b.path) || comparePaths(pathOfText(a.specifier), pathOfText(b.specifier));
}

function compareLengths(a: LongFile, b: LongFile): number {
  return b.lines - a.lines || comparePaths(a.path, b.path);
}

/** Merges two sorted lists; where two elements are equal, `add` makes one of them, or both stay. */
function mergeSorted<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (x: T, y: T) => number,
  add?: (x: T, y: T) => T,
): readonly T[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const merged: T[] = [];
  let [i, j] = [0, 0];
  for (let x = a[i], y = b[j]; x !== undefined && y !== undefined; x = a[i], y = b[j]) {
    const order = compare(x, y);
    const both = order === 0 && add !== undefined;
    merged.push(both ? add(x, y) : order <= 0 ? x : y);
    if (order <= 0) i++;
    if (order > 0 || both) j++;
  }
  return merged.concat(a.slice(i), b.slice(j));
}
