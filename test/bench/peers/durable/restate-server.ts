import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

export interface RestateServer {
  readonly ingress: string;
  readonly admin: string;
}

const HOST = "127.0.0.1";
const START_MS = 30_000;

/** The server ends, and its data go, when this process is gone and the pipe that only it holds open has ended. */
const UNTIL_DEATH = `"$1" --no-logo --base-dir "$2" & server=$!; read -r _; kill -9 $server; wait; rm -rf "$2"`;

/** Starts a server with default settings, reached from this machine alone and telling nobody of it. */
export async function startRestateServer(): Promise<RestateServer> {
  const require = createRequire(createRequire(import.meta.url).resolve("@restatedev/restate-server/package.json"));
  const program = require.resolve(`@restatedev/restate-server-${platform()}-${arch()}/bin/restate-server`);
  const folder = await mkdtemp(join(tmpdir(), "troupe-restate-"));
  const [node, ingress, admin] = [await freePort(), await freePort(), await freePort()];
  spawn("sh", ["-c", UNTIL_DEATH, "restate", program, folder], {
    stdio: ["pipe", "ignore", "inherit"],
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
      // It would be downloaded.
      RESTATE_ADMIN__DISABLE_WEB_UI: "true",
      RESTATE_LOG_FILTER: "error,octocrab=off",
      // A hop that is held between two rounds is not to be given up.
      RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "10m",
    },
  });
  const server = { ingress: `http://${HOST}:${ingress}`, admin: `http://${HOST}:${admin}` };
  await Promise.all([answer(`${server.ingress}/restate/health`), answer(`${server.admin}/health`)]);
  return server;
}

async function answer(url: string): Promise<void> {
  for (const end = performance.now() + START_MS; performance.now() < end; await wait(50)) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
  }
  throw new Error(`the Restate server did not answer at ${url} within ${START_MS} ms`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, HOST, resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
