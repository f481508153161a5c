import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterDeath } from "./after-death.ts";
import { freePort } from "./free-port.ts";
import { postgresBinaries } from "./postgres-binaries.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

interface PostgresOptions {
  /** Where the data lives. Kept afterwards; without it, a temporary folder that `stop` removes. */
  readonly dir?: string;
  /** A free port, unless it is given. */
  readonly port?: number;
  /** More words for `initdb`. */
  readonly initdb?: readonly string[];
  /** What `postgresql.conf` would say. `fsync` is on unless this says otherwise. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

export interface PostgresServer extends AsyncDisposable {
  readonly url: string;
  /** Ends sessions, checkpoints, and removes the data if it was temporary. */
  stop(): Promise<void>;
  /** A crash: the server has no moment to write anything. Resolves when every one of its processes is gone. */
  kill(): Promise<void>;
  /** Stops in immediate mode: sessions are thrown out, and nothing is written; the next start has to recover. */
  stopAtOnce(): Promise<void>;
  /** Starts a killed or running server over the same data on the same port. */
  restart(): Promise<void>;
}

const PASSWORD = "troupe";
/** Ends the server over the data, and removes what it leaves behind. */
const SWEEP = `kill -QUIT "$(head -n 1 "$1/postmaster.pid")"; rm -rf "$2"; sleep 0.5; rm -rf "$2"`;
const READY = "database system is ready to accept connections";

/** Starts a PostgreSQL 18 of its own, whatever is installed on the machine. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const user = unprivilegedUser();
  const home = await mkdtemp(join(tmpdir(), "troupe-postgres-"));
  const data = options.dir ? resolve(options.dir) : join(home, "data");
  const callOff = afterDeath(SWEEP, data, home);
  const binaries = postgresBinaries(join(home, "programs"), user !== undefined);
  const port = options.port ?? (await freePort());
  const flags = Object.entries({
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 200,
    ...options.settings,
  }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);

  let server: ChildProcess | undefined;
  async function start() {
    const { postgres } = await binaries;
    server = spawn(postgres, ["-D", data, ...flags], {
      ...user,
      cwd: data,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await readiness(server);
  }

  async function end(signal: "SIGINT" | "SIGKILL" | "SIGQUIT") {
    if (server === undefined || !isRunning(server)) return;
    const gone = closed(server);
    server.kill(signal);
    await gone;
  }

  async function stop() {
    await end("SIGINT");
    await rm(home, { recursive: true, force: true });
    callOff();
  }

  try {
    await mkdir(data, { recursive: true });
    if (user) await Promise.all([chown(home, user.uid, user.gid), chown(data, user.uid, user.gid)]);
    if ((await readdir(data)).length === 0) {
      const programs = await binaries;
      await initialise(programs.initdb, data, home, user, options.initdb ?? []);
    }
    await start();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    stop,
    kill: () => end("SIGKILL"),
    stopAtOnce: () => end("SIGQUIT"),
    async restart() {
      await end("SIGINT");
      await start();
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function initialise(
  initdb: string,
  data: string,
  home: string,
  user: ReturnType<typeof unprivilegedUser>,
  more: readonly string[],
) {
  const secret = join(home, "password");
  await writeFile(secret, PASSWORD);
  if (user) await chown(secret, user.uid, user.gid);
  const flags = [
    "--username=postgres",
    "--auth=password",
    `--pwfile=${secret}`,
    "--encoding=UTF8",
    "--locale=C",
    ...more,
  ];
  const child = spawn(initdb, ["-D", data, "--no-sync", ...flags], {
    ...user,
    cwd: home,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = gather(child);
  if ((await closed(child)) !== 0) throw new Error(`initdb failed:\n${said()}`);
}

/** Resolves when the server takes connections; throws with its log if it ends before that. */
async function readiness(server: ChildProcess) {
  const said = gather(server);
  const ready = Promise.withResolvers<void>();
  server.stderr?.on("data", () => said().includes(READY) && ready.resolve());
  closed(server).then(() => ready.reject(new Error(`PostgreSQL did not start:\n${said()}`)), ready.reject);
  await ready.promise;
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** The exit code, once the process and all that share its output are gone. */
function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
}

/** What the child has said so far, no more than its last few pages. */
function gather(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = (text + chunk).slice(-20_000);
  });
  return () => text;
}
