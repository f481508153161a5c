import { type BytePath, joinPath, ROOT } from "./byte-path.ts";

/** A part of the tree that one group looks after. */
export type Area = {
  /** The folder that it is a part of. */
  readonly parent: BytePath;
  /** Whether the files that lie in the parent itself belong to it. */
  readonly files: boolean;
  /** The parent's subfolders that belong to it with all that is below: those from one name to another, in byte order. */
  readonly folders: FolderRange | null;
  /** Folders among these that another group looks after. */
  readonly given: readonly BytePath[];
};

/** Names from the first to the last, both included. */
export type FolderRange = { readonly first: BytePath; readonly last: BytePath };

/** The files that lie in the root itself. */
export const TOP_FILES: Area = { parent: ROOT, files: true, folders: null, given: [] };

/** Subfolders of one folder, with all below them. */
export function areaOf(parent: BytePath, folders: FolderRange): Area {
  return { parent, files: false, folders, given: [] };
}

/** Whether a name is in a range. */
export function inRange(name: BytePath, range: FolderRange | null): boolean {
  return range !== null && name >= range.first && name <= range.last;
}

/** Whether a path is a folder or lies below it. */
export function isWithin(folder: BytePath, path: BytePath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Whether what lies at a path, if anything does, belongs to an area. */
export function covers(area: Area, path: BytePath): boolean {
  if (path === area.parent) return area.files;
  const [name, isChild] = firstNameBelow(area.parent, path);
  if (name === undefined) return false;
  if (inRange(name, area.folders)) return !area.given.some((folder) => isWithin(folder, path));
  return area.files && isChild;
}

/** The one folder that an area is, if it is one. */
export function onlyFolderOf(area: Area): BytePath | undefined {
  const { folders, parent, files } = area;
  return !files && folders && folders.first === folders.last ? joinPath(parent, folders.first) : undefined;
}

/** The first name of a path that comes after a folder's, and whether it is the last as well. */
function firstNameBelow(folder: BytePath, path: BytePath): [name: BytePath | undefined, isLast: boolean] {
  if (!(folder === ROOT || isWithin(folder, path))) return [undefined, false];
  const begin = folder === ROOT ? 0 : folder.length + 1;
  const end = path.indexOf("/", begin);
  return [path.slice(begin, end === -1 ? undefined : end) as BytePath, end === -1];
}
