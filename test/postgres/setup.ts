import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgres } from "./start-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Asking this address for a database starts the server of this test run, the first time. */
    readonly databaseDoor: string;
  }
}

// One PostgreSQL for a test run, shared by all its files, and none for a run that needs none: the server starts when
// a test first asks for it. Tests run in processes of their own, so they ask over a local port.

let server: Promise<PostgresServer> | undefined;

async function serverUrl(): Promise<string> {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  server ??= startPostgres();
  return (await server).url;
}

const door = createServer((_, response) => {
  serverUrl().then(
    (url) => response.end(url),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

/** Opens the door. Called by vitest before the first test. */
export async function setup(project: TestProject) {
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  project.provide("databaseDoor", `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
}

/** Stops the server if one was started. Called by vitest after the last test, whatever came of them. */
export async function teardown() {
  door.close();
  door.closeAllConnections();
  await (await server?.catch(() => undefined))?.stop();
}
