import { createHash, randomUUID } from "node:crypto";
import { accessSync, constants, mkdirSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { isWithin } from "./area.ts";
import { type BytePath, joinPath, pathOfBytes, pathOfText } from "./byte-path.ts";
import type { Options } from "./command-line.ts";
import { Complaint } from "./complaint.ts";

/** Where an audit is kept. */
export type StorePlace = {
  /** A folder, or what else `open` takes. */
  readonly store: string;
  readonly key: string;
  /** The folder to remove once the report is out: nobody else can know its key. */
  readonly toRemove: string | undefined;
  /** The part of the audited folder that the store takes. */
  readonly without: BytePath | null;
};

type Where = { readonly repository: string; readonly cwd: string; readonly dir: BytePath };

/**
 * Where to keep an audit. A folder of ours is below one named `node_modules`, which no audit counts, whatever its DIR.
 *
 * @throws Complaint if DIR lies in the store
 */
export function storePlace(options: Pick<Options, "store" | "key">, { repository, cwd, dir }: Where): StorePlace {
  const key = options.key ?? `audit-${randomUUID().slice(0, 8)}`;
  if (options.store === undefined) {
    const store = join(cacheFolder(repository), createHash("sha256").update(key).digest("hex").slice(0, 16));
    return { store, key, toRemove: options.key === undefined ? store : undefined, without: null };
  }
  if (options.store === "memory:" || /^[a-z][a-z0-9+.-]*:\/\//i.test(options.store)) {
    return { store: options.store, key, toRemove: undefined, without: null };
  }
  const store = resolve(cwd, options.store);
  return { store, key, toRemove: undefined, without: partOf(dir, realPlace(store)) };
}

/** In the repository, or where temporary files go if nobody may write there. */
function cacheFolder(repository: string): string {
  const folder = join(repository, "node_modules", ".cache", "troupe-audit");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return join(tmpdir(), `troupe-audit-${process.getuid?.() ?? ""}`, "node_modules");
  }
}

/** The relative path of a folder in another; null if it lies elsewhere. */
function partOf(dir: BytePath, folder: BytePath): BytePath | null {
  if (isWithin(folder, dir)) throw new Complaint("DIR lies in the store; keep the audit elsewhere");
  const begin = dir.endsWith("/") ? dir : `${dir}/`;
  return folder.startsWith(begin) ? (folder.slice(begin.length) as BytePath) : null;
}

/** Where a path leads that may not exist yet. */
function realPlace(path: string): BytePath {
  try {
    return pathOfBytes(realpathSync.native(path, "buffer"));
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || parent === path) return pathOfText(path);
    return joinPath(realPlace(parent), pathOfText(basename(path)));
  }
}
