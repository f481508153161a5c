import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterDeath } from "../../../postgres/after-death.ts";
import { freePort } from "../../../postgres/free-port.ts";

export interface RestateServer {
  readonly ingress: string;
  readonly admin: string;
}

const HOST = "127.0.0.1";
const START_MS = 30_000;

/** Starts a server with default settings, reached from this machine alone and telling nobody of it. */
export async function startRestateServer(): Promise<RestateServer> {
  const require = createRequire(createRequire(import.meta.url).resolve("@restatedev/restate-server/package.json"));
  const program = require.resolve(`@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`);
  const folder = await mkdtemp(join(tmpdir(), "troupe-restate-"));
  const [node, ingress, admin] = [await freePort(), await freePort(), await freePort()];
  const server = spawn(program, ["--no-logo", "--base-dir", folder], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      DO_NOT_TRACK: "1",
      RESTATE_DISABLE_TELEMETRY: "true",
      RESTATE_LISTEN_MODE: "tcp",
      RESTATE_BIND_IP: HOST,
      RESTATE_ADVERTISED_HOST: HOST,
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_LOG_FILTER: "error,octocrab=off",
      // A hop that is held between two rounds is not to be given up.
      RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "10m",
    },
  });
  afterDeath('kill -9 "$1"; sleep 0.2; rm -rf "$2"', String(server.pid), folder);
  const reached = { ingress: `http://${HOST}:${ingress}`, admin: `http://${HOST}:${admin}` };
  await Promise.all([answer(`${reached.ingress}/restate/health`), answer(`${reached.admin}/health`)]);
  return reached;
}

async function answer(url: string): Promise<void> {
  for (const end = performance.now() + START_MS; performance.now() < end; await wait(50)) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`the Restate server did not answer at ${url} within ${START_MS} ms`);
}
