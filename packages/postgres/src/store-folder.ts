import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isFault, TroupeError } from "@troupe/core";
import { isLockFile, lockFolder } from "./folder-lock.ts";

const MARK = "troupe.json";
const DATA = "data";

/** A folder that is ours alone until it is released. */
export interface StoreFolder {
  readonly path: string;
  /** Where PGlite keeps its files. Empty in a new store. */
  readonly data: string;
  /** To be called once the database is made: only then is the folder a store. */
  complete(): Promise<void>;
  release(): Promise<void>;
}

/** `making`: a process that dies now leaves nothing of worth, and the next starts anew. */
interface Mark {
  readonly format: 1;
  readonly state: "making" | "made";
}

/** Takes a folder, making it if need be. Throws `store_busy`, and `store_invalid` for a folder of something else. */
export async function takeStoreFolder(given: string): Promise<StoreFolder> {
  const path = resolve(given);
  try {
    await mkdir(path, { recursive: true });
    await refuseForeign(path);
    const release = await lockFolder(path);
    try {
      return await prepare(path, release);
    } catch (error) {
      await release();
      throw error;
    }
  } catch (error) {
    throw isFault(error) ? error : new TroupeError("store_invalid", `${path}: ${inWords(error)}`, error);
  }
}

async function prepare(path: string, release: () => Promise<void>): Promise<StoreFolder> {
  const mark = await readMark(path);
  const data = join(path, DATA);
  if (mark?.state !== "made") {
    await writeMark(path, "making");
    await rm(data, { recursive: true, force: true });
  }
  await mkdir(data, { recursive: true });
  const complete = async () => {
    if (mark?.state !== "made") await writeMark(path, "made");
  };
  return { path, data, complete, release };
}

async function refuseForeign(path: string) {
  if (await readMark(path)) return;
  const others = (await readdir(path)).filter((name) => !isLockFile(name) && !name.startsWith(`${MARK}.`));
  // Another process may have written the mark meanwhile, and begun.
  if (others.length === 0 || others.includes(MARK)) return;
  const some = others.slice(0, 3).join(", ");
  throw new TroupeError("store_invalid", `${path} is no store, it holds other files (${some}); name an empty folder`);
}

async function readMark(path: string): Promise<Mark | undefined> {
  let text: string;
  try {
    text = await readFile(join(path, MARK), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const mark = parse(text);
  if (mark?.format === 1) return mark;
  throw new TroupeError("store_invalid", `${join(path, MARK)} is not the mark of a store that this program knows`);
}

function parse(text: string): Mark | undefined {
  try {
    return JSON.parse(text) as Mark;
  } catch {
    return undefined;
  }
}

async function writeMark(path: string, state: Mark["state"]) {
  const mark: Mark = { format: 1, state };
  const draft = join(path, `${MARK}.draft`);
  await writeFile(draft, `${JSON.stringify(mark)}\n`, { flush: true });
  await rename(draft, join(path, MARK));
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is a file",
  EEXIST: "there is a file of this name",
  ENAMETOOLONG: "the path is too long",
  ELOOP: "the path goes in a circle",
  EMFILE: "this process has too many files open",
};

function inWords(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const text = error instanceof Error ? error.message : String(error);
  return WORDS[code] ? `${WORDS[code]} (${code})` : text;
}
