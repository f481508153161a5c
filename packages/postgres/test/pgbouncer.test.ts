import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { unprivilegedUser } from "../../../test/postgres/unprivileged-user.ts";
import { migrate, postgresStore } from "../src/index.ts";
import { commitOf, messageRows, submission } from "./fixtures.ts";

const POOLER = "pgbouncer";
const installed = spawnSync(POOLER, ["--version"]).status === 0;

async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, "127.0.0.1"), "listening");
  const address = probe.address();
  await once(probe.close(), "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** A pooler with two sessions for everyone, which change hands after each transaction. Its settings are the defaults. */
async function startPooler(database: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-pgbouncer-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const { hostname, port, username, password, pathname } = new URL(database);
  const secret = password === "" ? "" : ` password=${password}`;
  const mine = await freePort();
  const config = join(folder, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]
pooled = host=${hostname} port=${port} user=${username}${secret} dbname=${pathname.slice(1)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${mine}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
`,
  );
  const pooler = spawn(POOLER, [config], { ...unprivilegedUser(), stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void pooler.kill("SIGKILL"));
  for await (const line of pooler.stderr.setEncoding("utf8")) if (line.includes("process up")) break;
  return `postgres://anyone@127.0.0.1:${mine}/pooled`;
}

it.runIf(installed)("works through a pooler that gives each transaction whatever session is free", async () => {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const url = await startPooler(database.url);
  const migrations = await Promise.all([migrate(url), migrate(url), migrate(url)]);
  expect(migrations.map(({ applied }) => applied.length).sort()).toEqual([0, 0, expect.any(Number)]);

  const stores = await Promise.all(Array.from({ length: 4 }, () => postgresStore({ url })));
  await Promise.all(
    stores.map(async (store, n) => {
      const run = `run-${n}`;
      const worker = `worker-${n}`;
      await store.submit(submission(run));
      await store.join(worker, "first", 60_000);
      const leases = await store.claim(worker, 4);
      const [root] = await store.loadChannels([run]);
      // Only the owner of shard 0 may write there.
      const mine = leases.some(({ shard }) => shard === 0);
      for (let seq = 1; seq <= 50; seq++) {
        const rows = mine ? messageRows(run, root?.key ?? 0, seq) : {};
        const outcome = await store.commit(commitOf(worker, seq, { leases, ...rows }));
        expect(outcome).toMatchObject({ outcome: "committed" });
      }
    }),
  );

  const told = await Promise.all(stores.map((store, n) => store.history(`run-${n}`, 99)));
  expect(told.map((messages) => messages.length).sort()).toEqual([0, 0, 0, 50]);
  await Promise.all(stores.map((store) => store.close()));
});
