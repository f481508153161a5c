import { type BytePath, joinPath, nameOf, parentOf, ROOT } from "./byte-path.ts";
import { type FolderListing, listFolder, type Unreadable } from "./list-folder.ts";
import { ListingCache } from "./listing-cache.ts";

/** The code base under audit, as it lies on disk. */
export type Site = {
  readonly dir: BytePath;
  /** A folder in it that is not part of it: that of the store, which changes while the audit runs. */
  readonly without: BytePath | null;
};

const NOTHING: FolderListing = { files: [], folders: [] };

const cache = new ListingCache(listFolder);

/** Where a path of the site is on disk. */
export function onDisk(site: Site, path: BytePath): BytePath {
  return joinPath(site.dir, path);
}

/** Lists one folder of the site; see {@link listFolder}. */
export async function listIn(site: Site, folder: BytePath): Promise<FolderListing | Unreadable> {
  if (folder === site.without) return NOTHING;
  const listing = await cache.list(onDisk(site, folder));
  if ("error" in listing || site.without === null || site.without === ROOT) return listing;
  if (parentOf(site.without) !== folder) return listing;
  const hidden = nameOf(site.without);
  return { files: listing.files, folders: listing.folders.filter((name) => name !== hidden) };
}

/** Lists each folder at most once: for one effect, to which the disk should stand still. */
export function listOnce(site: Site): (folder: BytePath) => Promise<FolderListing | Unreadable> {
  const seen = new Map<BytePath, Promise<FolderListing | Unreadable>>();
  return (folder) => {
    let listing = seen.get(folder);
    if (!listing) {
      listing = listIn(site, folder);
      seen.set(folder, listing);
    }
    return listing;
  };
}
