import { type BytePath, joinPath, parentOf, pathOfText, ROOT } from "./byte-path.ts";
import { isExcludedFolder } from "./list-folder.ts";

/** Where a relative import points before anyone has looked: `folderOnly` when only a folder can be meant, as by `./a/` or `..`. */
export type ImportTarget = { readonly path: BytePath; readonly folderOnly: boolean };

/**
 * One thing that an import may lead to: a file, or what the `package.json` in a folder names, which
 * {@link mainCandidates} turns into files.
 */
export type Candidate =
  | { readonly kind: "file"; readonly path: BytePath }
  | { readonly kind: "folderMain"; readonly folder: BytePath };

/** What must be known of the files to resolve an import. */
export type ImportLookup = {
  /** Whether a regular file lies at this path. */
  isFile(path: BytePath): boolean;
  /** What {@link packageMains} found in the folder's `package.json`; empty when it has none. */
  mainsOf(folder: BytePath): readonly string[];
};

/** What Node or TypeScript appends to a path that is no file, and to `index` in a folder. */
const APPENDED = [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".json", ".node"];

/** What TypeScript puts in place of an extension, by the extension that was written. The longer ones come first. */
const REPLACED: readonly (readonly [written: readonly string[], tried: readonly string[]])[] = [
  [
    [".d.mts", ".mts", ".mjs"],
    [".mts", ".d.mts", ".mjs"],
  ],
  [
    [".d.cts", ".cts", ".cjs"],
    [".cts", ".d.cts", ".cjs"],
  ],
  [
    [".d.ts", ".ts", ".js"],
    [".ts", ".tsx", ".d.ts", ".js", ".jsx"],
  ],
  [
    [".tsx", ".jsx"],
    [".tsx", ".ts", ".d.ts", ".jsx", ".js"],
  ],
];

/** Where a specifier points, seen from the file it stands in; undefined when the way leads out of the root. */
export function targetOf(importer: BytePath, specifier: string): ImportTarget | undefined {
  const path = follow(parentOf(importer), specifier);
  return path === undefined ? undefined : { path, folderOnly: /(?:^|\/)\.{0,2}$/.test(specifier) };
}

/**
 * What the target may be, best first: the file, the file under another extension, then the folder. The
 * import leads to the first that exists. Paths below an excluded folder are left out.
 *
 * This is what Node's `require` finds together with what TypeScript finds, whatever its settings; only
 * `typesVersions` and `moduleSuffixes` are not looked at. Queries, fragments and `%20` are part of the name.
 *
 * @see https://nodejs.org/api/modules.html#all-together
 * @see https://www.typescriptlang.org/docs/handbook/modules/reference.html#the-moduleresolution-compiler-option
 */
export function candidatesOf(target: ImportTarget): Candidate[] {
  const files = target.folderOnly ? [] : filesNamed(target.path);
  const folder = target.path;
  if (isExcluded(folder)) return files.map(asFile);
  return [...files.map(asFile), { kind: "folderMain", folder }, ...indexFiles(folder).map(asFile)];
}

/** What the entries of a folder's `package.json` may be, best first. */
export function mainCandidates(folder: BytePath, mains: readonly string[]): BytePath[] {
  return mains.flatMap((main) => {
    const path = follow(folder, main);
    return path === undefined ? [] : [...filesNamed(path), ...indexFiles(path)];
  });
}

/** The entries of a `package.json` that say where an import of its folder leads; none when it is not JSON. */
export function packageMains(json: string): string[] {
  try {
    const { typings, types, main } = Object(JSON.parse(json));
    return [typings, types, main].filter((entry) => typeof entry === "string" && entry !== "");
  } catch {
    return [];
  }
}

/** The file that a relative import leads to; undefined when it leads to none. */
export function resolveImport(importer: BytePath, specifier: string, lookup: ImportLookup): BytePath | undefined {
  const target = targetOf(importer, specifier);
  if (!target) return undefined;
  for (const candidate of candidatesOf(target)) {
    const paths =
      candidate.kind === "file" ? [candidate.path] : mainCandidates(candidate.folder, lookup.mainsOf(candidate.folder));
    const found = paths.find((path) => lookup.isFile(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

function asFile(path: BytePath): Candidate {
  return { kind: "file", path };
}

function follow(folder: BytePath, way: string): BytePath | undefined {
  if (way.startsWith("/")) return undefined;
  const names = folder === ROOT ? [] : folder.split("/");
  for (const step of pathOfText(way).split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== "..") names.push(step);
    else if (names.pop() === undefined) return undefined;
  }
  return names.join("/") as BytePath;
}

function filesNamed(path: BytePath): BytePath[] {
  if (path === ROOT || isExcluded(parentOf(path))) return [];
  return [path, ...replacedExtensions(path), ...APPENDED.map((extension) => path + extension)] as BytePath[];
}

function indexFiles(folder: BytePath): BytePath[] {
  if (isExcluded(folder)) return [];
  return APPENDED.map((extension) => joinPath(folder, `index${extension}` as BytePath));
}

function replacedExtensions(path: string): string[] {
  for (const [written, tried] of REPLACED) {
    const extension = written.find((end) => path.endsWith(end));
    if (extension !== undefined) return tried.map((other) => path.slice(0, -extension.length) + other);
  }
  // TypeScript types any other file by a declaration beside it: `a.css` by `a.d.css.ts`.
  return /\.[^./]*$/.test(path) ? [path.replace(/\.([^./]*)$/, ".d.$1.ts")] : [];
}

function isExcluded(folder: BytePath): boolean {
  return folder.split("/").some(isExcludedFolder);
}
