import { link, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { TroupeError } from "@troupe/core";
import { mayBeAlive, type ProcessIdentity, thisProcess } from "./process-identity.ts";

const LOCK = "troupe.lock";

/** True for the files that a lock may leave in its folder. */
export function isLockFile(name: string): boolean {
  return name === LOCK || name.startsWith(`${LOCK}.`);
}

/**
 * Takes the lock of a folder; the answer gives it back. Throws `store_busy` while another process has it, or this one.
 *
 * PGlite takes none of its own, and two of them in one folder destroy it. The file appears with its content, by `link`.
 * The lock of a dead process is replaced by whoever first makes the file `troupe.lock.after-<nonce>`, which names that
 * very lock: of any number of starters one can. It is removed only after the lock was replaced, so a latecomer that
 * makes it again finds another lock than the one it had judged, and steps back. Should the heir die as well before it
 * has replaced the lock, its file is the lock to inherit.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const me = await thisProcess();
  const lock = join(folder, LOCK);
  const heirOf = (holder: ProcessIdentity) => `${lock}.after-${holder.nonce}`;
  const draft = `${lock}.${me.nonce}`;
  await writeDurably(draft, JSON.stringify(me));
  try {
    for (;;) {
      if (await linked(draft, lock)) break;
      const holder = await readLock(lock);
      if (!holder) continue;

      const line = [holder];
      for (let heir = await readLock(heirOf(holder)); heir; heir = await readLock(heirOf(heir))) line.push(heir);
      const last = line.at(-1) ?? holder;
      if (await mayBeAlive(last)) throw new TroupeError("store_busy", busyText(folder, last));

      if (!(await linked(draft, heirOf(last)))) continue;
      if ((await readLock(lock))?.nonce !== holder.nonce) {
        await rm(heirOf(last));
        continue;
      }
      await rename(draft, lock);
      for (const gone of line) await rm(heirOf(gone), { force: true });
      break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(lock, { force: true });
}

function busyText(folder: string, holder: ProcessIdentity): string {
  const where = `${folder} is open in process ${holder.pid}`;
  if (holder.pid === process.pid) return `${where}, which is this one`;
  const file = join(folder, LOCK);
  return `${where} on ${holder.host}; if that machine or container is gone, remove ${file}`;
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readLock(path: string): Promise<ProcessIdentity | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch (error) {
    throw new TroupeError("store_invalid", `${path} is damaged; remove it if no process uses the store`, error);
  }
}

/** A lock that a power cut leaves must be whole. */
async function writeDurably(path: string, text: string) {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
