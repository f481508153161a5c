import { type Area, areaOf, inRange, onlyFolderOf } from "./area.ts";
import { type BytePath, joinPath, nameOf, parentOf, ROOT } from "./byte-path.ts";
import type { FolderListing, Unreadable } from "./list-folder.ts";
import { listOnce, type Site } from "./site.ts";
import { mergeAll, type Tally, tallyOfFolder, tallyOfUnreadable } from "./tally.ts";

/** Files of one folder. */
type Names = { readonly folder: BytePath; readonly names: readonly BytePath[] };

/** What one reader is given at a time: files of as many folders as it takes. */
export type Chunk = readonly Names[];

/** Where a walk goes on: in this folder, after the file of this name; the empty name is before the first. */
export type Position = { readonly folder: BytePath; readonly after: BytePath };

/** A few steps of a walk. */
export type Page = {
  readonly chunks: readonly Chunk[];
  /** The top-level folders among those that were entered, and the folders that could not be read. */
  readonly tally: Tally;
  /** Null at the end. */
  readonly next: Position | null;
};

const CHUNK_FILES = 64;
const CHUNK_NAME_BYTES = 32 * 1024;

/** So that a page ends also where there are only folders. */
const PAGE_FOLDERS = 2_000;

type List = (folder: BytePath) => Promise<FolderListing | Unreadable>;

/** Where the walk through an area begins. */
export function startOf(area: Area): Position {
  return { folder: area.parent, after: ROOT };
}

/**
 * Goes on with the walk through an area, for at most so many chunks of files.
 *
 * Files come before subfolders, both in byte order, so that a position is all there is to remember,
 * however large the tree.
 */
export async function walk(site: Site, area: Area, from: Position, chunks: number): Promise<Page> {
  const list = listOnce(site);
  const found = new Chunks(chunks);
  const tallies: Tally[] = [];
  const pageTo = (next: Position | null): Page => ({ chunks: found.chunks, tally: mergeAll(tallies), next });

  let at: Position | null = from;
  for (let visited = 0; at && visited < PAGE_FOLDERS; visited++) {
    const { folder, after }: Position = at;
    const listing = await list(folder);
    const counts = folder !== area.parent || area.files;
    if (after === "" && folder !== ROOT && parentOf(folder) === ROOT && counts) tallies.push(tallyOfFolder(folder));
    if ("error" in listing) {
      if (counts) tallies.push(tallyOfUnreadable(folder, listing.error));
    } else if (counts) {
      const last = found.take(folder, listing.files, after === "" ? 0 : placeAfter(listing.files, after));
      if (last !== undefined) return pageTo({ folder, after: last });
    }
    const next = await nextFolder(list, area, folder);
    at = next === undefined ? null : { folder: next, after: ROOT };
  }
  return pageTo(at);
}

/**
 * The folders in an area that hold at least so many files, at most so many of them: of an area that is one
 * folder its subfolders, else the folders of the area.
 */
export async function largeFolders(site: Site, area: Area, files: number, most: number): Promise<BytePath[]> {
  const list = listOnce(site);
  const only = onlyFolderOf(area);
  const parent = only ?? area.parent;
  const listing = await list(parent);
  if ("error" in listing) return [];
  const names = only === undefined ? listing.folders.filter((name) => inRange(name, area.folders)) : listing.folders;
  const large: BytePath[] = [];
  for (const name of names) {
    if (large.length === most) break;
    if (await holds(list, areaOf(parent, { first: name, last: name }), files)) large.push(joinPath(parent, name));
  }
  return large;
}

/** Whether there are so many files in an area; it looks no further than it must. */
async function holds(list: List, area: Area, files: number): Promise<boolean> {
  let left = files;
  let folder = await nextFolder(list, area, area.parent);
  while (folder !== undefined && left > 0) {
    const listing = await list(folder);
    if (!("error" in listing)) left -= listing.files.length;
    folder = await nextFolder(list, area, folder);
  }
  return left <= 0;
}

/** The folder after this one: its first subfolder, or else the next one beside it or beside one that it lies in. */
async function nextFolder(list: List, area: Area, folder: BytePath): Promise<BytePath | undefined> {
  let next = await childAfter(list, area, folder, undefined);
  for (let at = folder; next === undefined && at !== area.parent; at = parentOf(at)) {
    next = await childAfter(list, area, parentOf(at), nameOf(at));
  }
  return next;
}

async function childAfter(
  list: List,
  area: Area,
  folder: BytePath,
  after: BytePath | undefined,
): Promise<BytePath | undefined> {
  const listing = await list(folder);
  if ("error" in listing) return undefined;
  for (let at = after === undefined ? 0 : placeAfter(listing.folders, after); at < listing.folders.length; at++) {
    const name = listing.folders[at] as BytePath;
    const path = joinPath(folder, name);
    if ((folder !== area.parent || inRange(name, area.folders)) && !area.given.includes(path)) return path;
  }
  return undefined;
}

/** The place of the first name after the given one, in a list in byte order. */
function placeAfter(names: readonly BytePath[], name: BytePath): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as BytePath) <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fills chunks with files, until there are enough. */
class Chunks {
  readonly #chunks: { folder: BytePath; names: BytePath[] }[][] = [];
  readonly #most: number;
  #files = 0;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** Takes the files from a place on. The last one it could take (or the one before the place), if it could not take all. */
  take(folder: BytePath, files: readonly BytePath[], place: number): BytePath | undefined {
    for (let at = place; at < files.length; at++) {
      if (!this.#add(folder, files[at] as BytePath)) return files[at - 1] ?? ROOT;
    }
    return undefined;
  }

  #add(folder: BytePath, name: BytePath): boolean {
    const full = this.#chunks.length === 0 || this.#files === CHUNK_FILES || this.#bytes >= CHUNK_NAME_BYTES;
    if (full) {
      if (this.#chunks.length === this.#most) return false;
      this.#chunks.push([]);
      this.#files = 0;
      this.#bytes = 0;
    }
    const chunk = this.#chunks.at(-1) ?? [];
    let same = chunk.at(-1);
    if (same?.folder !== folder) {
      same = { folder, names: [] };
      chunk.push(same);
      this.#bytes += folder.length;
    }
    same.names.push(name);
    this.#files += 1;
    this.#bytes += name.length;
    return true;
  }
}
