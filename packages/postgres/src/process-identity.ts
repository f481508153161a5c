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
  return { pid: process.pid, host: hostname(), started: await startOf(process.pid), nonce };
}

/** False only if the process is gone for certain; of another host nothing is certain. */
export async function mayBeAlive(holder: ProcessIdentity): Promise<boolean> {
  if (mine.has(holder.nonce)) return true;
  if (holder.host !== hostname()) return true;
  if (!isRunning(holder.pid)) return false;
  const started = await startOf(holder.pid);
  if (started === null || holder.started === null) return holder.pid !== process.pid;
  return started === holder.started;
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

/** Linux: which boot, and how many ticks after it. */
async function startOf(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      readFile(`/proc/${pid}/stat`, "utf8"),
    ]);
    // The second field, the program's name in parentheses, may hold anything; the 22nd is the start.
    return `${boot.trim()} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return null;
  }
}
