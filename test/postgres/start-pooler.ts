import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterDeath } from "./after-death.ts";
import { freePort } from "./free-port.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

const POOLER = "pgbouncer";

export function poolerIsInstalled(): boolean {
  return spawnSync(POOLER, ["--version"]).status === 0;
}

/** A pgbouncer whose sessions change hands after each transaction. */
export interface Pooler {
  readonly url: string;
  /** Kills it, and starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A pooler with two sessions for everyone. What `settings` does not say is as pgbouncer has it. */
export async function startPooler(
  database: string,
  settings: Readonly<Record<string, string | number>> = {},
): Promise<Pooler> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-pgbouncer-"));
  await chmod(folder, 0o755);
  const { hostname, port, username, password, pathname } = new URL(database);
  const secret = password === "" ? "" : ` password=${password}`;
  const mine = await freePort();
  const config = join(folder, "pgbouncer.ini");
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: mine,
    unix_socket_dir: "",
    auth_type: "any",
    pool_mode: "transaction",
    default_pool_size: 2,
    ...settings,
  };
  await writeFile(
    config,
    `[databases]
pooled = host=${hostname} port=${port} user=${username}${secret} dbname=${pathname.slice(1)}
[pgbouncer]
${Object.entries(all)
  .map(([name, value]) => `${name} = ${value}`)
  .join("\n")}
`,
  );
  let pooler = await run(config, folder);
  return {
    url: `postgres://anyone@127.0.0.1:${mine}/pooled`,
    async restart() {
      await pooler.end();
      pooler = await run(config, folder);
    },
    async stop() {
      await pooler.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(config: string, folder: string) {
  const pooler = spawn(POOLER, [config], { ...unprivilegedUser(), stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise((resolve) => pooler.once("close", resolve));
  const callOff = afterDeath(`kill -KILL "$1"; rm -rf "$2"`, String(pooler.pid), folder);
  let said = "";
  const up = Promise.withResolvers<void>();
  pooler.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-5_000);
    if (said.includes("process up")) up.resolve();
  });
  pooler.once("error", up.reject);
  void gone.then(() => up.reject(new Error(`${POOLER} did not start:\n${said}`)));
  await up.promise;
  return {
    async end() {
      pooler.kill("SIGKILL");
      await gone;
      callOff();
    },
  };
}
