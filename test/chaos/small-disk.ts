import { execFileSync } from "node:child_process";
import { chown, mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterDeath } from "../postgres/after-death.ts";
import { unprivilegedUser } from "../postgres/unprivileged-user.ts";

/** A file system of its own, in memory, that can be full. */
export interface SmallDisk {
  readonly path: string;
  /** Not a byte more fits, until `makeRoom`. */
  fill(): Promise<void>;
  makeRoom(): void;
  remove(): Promise<void>;
}

const PAGE = 4_096;
/** A mount outlives its process. */
const SWEEP = `umount -l "$1"; rm -rf "$1"`;

/** Mounts a disk for the user that PostgreSQL runs as; throws where this process may not mount. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), "troupe-disk-"));
  const resize = (size: string) => mount("-o", `remount,size=${size}`, path);
  try {
    mount("-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path);
  } catch (error) {
    await rm(path, { recursive: true });
    throw error;
  }
  const user = unprivilegedUser();
  if (user) await chown(path, user.uid, user.gid);
  const callOff = afterDeath(SWEEP, path);
  return {
    path,
    async fill() {
      const { blocks, bfree, bsize } = await statfs(path);
      resize(String(Math.max(PAGE, (blocks - bfree) * bsize)));
    },
    makeRoom: () => resize(`${megabytes}m`),
    async remove() {
      execFileSync("umount", ["-l", path], { stdio: "ignore" });
      await rm(path, { recursive: true, force: true });
      callOff();
    },
  };
}

function mount(...words: readonly string[]): void {
  execFileSync("mount", words, { stdio: ["ignore", "ignore", "pipe"] });
}
