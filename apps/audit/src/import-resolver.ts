import { type BytePath, joinPath, nameOf, parentOf, pathOfText, ROOT } from "./byte-path.ts";
import { readFacts } from "./file-facts.ts";
import type { FolderListing, Unreadable } from "./list-folder.ts";
import { type ImportLookup, mainCandidates, resolveImport, targetOf } from "./resolve-import.ts";
import { listOnce, onDisk, type Site } from "./site.ts";
import { type Tally, tallyOfImport, tallyOfUnresolved } from "./tally.ts";

/** A relative import: the file it stands in, and what is written there. */
export type Import = { readonly importer: BytePath; readonly specifier: string };

const PACKAGE = pathOfText("package.json");

/** Finds where imports lead by looking at the disk, for one effect: it looks at nothing twice. */
export class ImportResolver implements ImportLookup {
  readonly #site: Site;
  readonly #list: ReturnType<typeof listOnce>;
  /** The folders that were looked at; undefined for what is no folder of the site. */
  readonly #folders = new Map<BytePath, FolderListing | undefined>();
  readonly #mains = new Map<BytePath, readonly string[]>();

  constructor(site: Site) {
    this.#site = site;
    this.#list = listOnce(site);
  }

  /** The tally of an import: what it leads to, or that it leads nowhere. */
  async tally({ importer, specifier }: Import): Promise<Tally> {
    const target = targetOf(importer, specifier);
    if (target) await this.#lookAround(target.path);
    const found = target && resolveImport(importer, specifier, this);
    return found === undefined ? tallyOfUnresolved(importer, specifier) : tallyOfImport(importer, found);
  }

  isFile(path: BytePath): boolean {
    return has(this.#folders.get(parentOf(path))?.files, nameOf(path));
  }

  mainsOf(folder: BytePath): readonly string[] {
    return this.#mains.get(folder) ?? [];
  }

  /** Looks at all that an import with this target may lead to. */
  async #lookAround(target: BytePath): Promise<void> {
    if (target !== ROOT) await this.#folder(parentOf(target));
    const folder = await this.#folder(target);
    if (!has(folder?.files, PACKAGE)) return;
    if (!this.#mains.has(target)) this.#mains.set(target, await this.#readMains(target));
    for (const path of mainCandidates(target, this.mainsOf(target))) await this.#folder(parentOf(path));
  }

  async #readMains(folder: BytePath): Promise<readonly string[]> {
    const facts = await readFacts(onDisk(this.#site, joinPath(folder, PACKAGE)));
    return ("error" in facts ? undefined : facts.packageMains) ?? [];
  }

  /** The listing of a folder that is reached without links, by names that are spelled as on disk. */
  async #folder(path: BytePath): Promise<FolderListing | undefined> {
    if (this.#folders.has(path)) return this.#folders.get(path);
    let listing = readable(await this.#list(ROOT));
    let at = ROOT;
    for (const name of path === ROOT ? [] : (path.split("/") as BytePath[])) {
      if (!has(listing?.folders, name)) listing = undefined;
      if (!listing) break;
      at = joinPath(at, name);
      listing = readable(await this.#list(at));
    }
    this.#folders.set(path, listing);
    return listing;
  }
}

function readable(listing: FolderListing | Unreadable): FolderListing | undefined {
  return "error" in listing ? undefined : listing;
}

/** Whether a name is in a list in byte order. */
function has(names: readonly BytePath[] | undefined, name: BytePath): boolean {
  if (!names) return false;
  let [low, high] = [0, names.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = names[middle] as BytePath;
    if (at === name) return true;
    if (at < name) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
