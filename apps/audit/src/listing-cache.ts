import { stat } from "node:fs/promises";
import { type BytePath, bytesOf } from "./byte-path.ts";
import type { FolderListing, Unreadable } from "./list-folder.ts";

type Lister = (path: BytePath) => Promise<FolderListing | Unreadable>;
type Entry = { readonly stamp: string; readonly listing: FolderListing; readonly names: number };

/** About 50 MB of usual names. */
const MAX_NAMES = 500_000;

/**
 * Keeps listings while their folders stay as they are, which the time of a folder's last change says.
 *
 * A folder of 100,000 files is read in some 200 slices, and listing it anew for each would take longer than reading it.
 */
export class ListingCache {
  readonly #list: Lister;
  /** The least recently used first. */
  readonly #entries = new Map<BytePath, Entry>();
  #names = 0;

  constructor(list: Lister) {
    this.#list = list;
  }

  async list(path: BytePath): Promise<FolderListing | Unreadable> {
    const stamp = await stampOf(path);
    const known = this.#entries.get(path);
    if (known) this.#drop(path, known);
    if (known && known.stamp === stamp) {
      this.#keep(path, known);
      return known.listing;
    }
    const listing = await this.#list(path);
    if (stamp !== undefined && !("error" in listing)) {
      this.#keep(path, { stamp, listing, names: listing.files.length + listing.folders.length + 1 });
    }
    return listing;
  }

  #keep(path: BytePath, entry: Entry): void {
    const before = this.#entries.get(path);
    if (before) this.#drop(path, before);
    this.#entries.set(path, entry);
    this.#names += entry.names;
    for (const [oldest, { names }] of this.#entries) {
      if (this.#names <= MAX_NAMES || oldest === path) return;
      this.#drop(oldest, { names });
    }
  }

  #drop(path: BytePath, { names }: Pick<Entry, "names">): void {
    this.#entries.delete(path);
    this.#names -= names;
  }
}

/** Undefined if the folder cannot be looked at; listing it will say why. */
async function stampOf(path: BytePath): Promise<string | undefined> {
  try {
    const { dev, ino, mtimeNs } = await stat(bytesOf(path), { bigint: true });
    return `${dev}/${ino}/${mtimeNs}`;
  } catch {
    return undefined;
  }
}
