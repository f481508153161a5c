import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";

/** Who holds a lock. A pid alone is not enough: it is given to another process sooner or later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in a word that no later process with this pid has; null where the system does not tell. */
  readonly started: string | null;
  /** Unlike any other, also of the same process. */
  readonly nonce: string;
}

const mine = new Set<string>();

export async function thisProcess(): Promise<ProcessIdentity> {
  const nonce = randomUUID();
  mine.add(nonce);
  return { pid: process.pid, host: hostname(), started: (await lookAt(process.pid))?.started ?? null, nonce };
}

/** False only if the process is gone for certain; of another host nothing is certain. */
export async function mayBeAlive(holder: ProcessIdentity): Promise<boolean> {
  if (mine.has(holder.nonce)) return true;
  if (holder.host !== hostname()) return true;
  if (!isRunning(holder.pid)) return false;
  const seen = await lookAt(holder.pid);
  if (seen === null || holder.started === null) return holder.pid !== process.pid;
  return !seen.isDead && seen.started === holder.started;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to someone else.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Linux: when it started (which boot, and how many ticks after it), and whether it only waits for its parent to notice its end. */
async function lookAt(pid: number): Promise<{ readonly started: string; readonly isDead: boolean } | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The second field, the program's name in parentheses, may hold anything; the third is the state, the 22nd the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { started: `${boot.trim()} ${fields[19]}`, isDead: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return null;
  }
}
