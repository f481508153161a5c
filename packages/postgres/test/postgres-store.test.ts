import { expect, it, vi } from "vitest";
import { startPostgres } from "../../../test/postgres/start-postgres.ts";
import { openStore, postgresStore } from "../src/index.ts";
import { commitOf, submission } from "./fixtures.ts";
import { postgresWorld } from "./postgres-world.ts";

it("has a label that shows where it is, and no password", async () => {
  const { store, url } = await postgresWorld();

  const { host, pathname } = new URL(url);
  expect(store.label).toBe(`postgres://postgres@${host}${pathname}`);
});

it("shows no password in an error either", async () => {
  const error = await postgresStore({ url: "postgres://me:sesame@127.0.0.1:1/db?password=sesame" }).catch((e) => e);

  expect(error).toMatchObject({ code: "store_unavailable", detail: expect.stringContaining("ECONNREFUSED") });
  expect(String(error)).not.toContain("sesame");
  expect(error.message).not.toContain("sesame");
});

it.each([
  ["no such database", (url: URL) => (url.pathname = "/none"), "store_invalid"],
  ["no such user", (url: URL) => (url.username = "nobody_at_all"), "store_invalid"],
  ["nobody at the door", (url: URL) => (url.port = "1"), "store_unavailable"],
])("cannot be opened: %s", async (_, spoil, code) => {
  const { url } = await postgresWorld();
  const spoilt = new URL(url);
  spoil(spoilt);

  await expect(openStore(spoilt.href)).rejects.toMatchObject({ code, cause: expect.anything() });
});

it("is itself again after its connection was cut in the middle, and says so once", async () => {
  const world = await postgresWorld();
  const heard: (string | undefined)[] = [];
  const onTrouble = (trouble: Error | "recovered") =>
    void heard.push(trouble === "recovered" ? trouble : trouble.message);
  const store = await world.open({ onTrouble });
  const admin = await world.session();
  await admin.query("begin; lock table troupe.runs in access exclusive mode");

  const lost = ["a", "b"].map((run) => store.loadRuns([run]).catch((error: unknown) => error));
  await world.untilBlocked(2);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'");
  const errors = await Promise.all(lost);
  await admin.query("commit");

  expect(errors).toEqual([1, 2].map(() => expect.objectContaining({ code: "store_unavailable" })));
  expect(heard).toEqual([expect.stringContaining("terminat")]);
  expect(await store.loadRuns(["a"])).toEqual([]);
  expect(heard.slice(1)).toEqual(["recovered"]);
});

it("does not mind idle connections being cut", async () => {
  const world = await postgresWorld();
  const heard: unknown[] = [];
  const store = await world.open({ onTrouble: (trouble) => heard.push(trouble) });
  await Promise.all([store.listRuns(1), store.loadRuns(["a"]), store.commit(commitOf("nobody", 1))]);
  const admin = await world.session();
  const mine = "from pg_stat_activity where application_name = 'troupe' and datname = current_database()";

  await admin.query(`select pg_terminate_backend(pid) ${mine}`);
  await vi.waitUntil(async () => (await admin.query(`select ${mine}`)).rowCount === 0);

  const answers = () =>
    store.listRuns(1).then(
      () => true,
      () => false,
    );
  await vi.waitUntil(answers);
  expect(await store.commit(commitOf("nobody", 1))).toEqual({ outcome: "fenced", shards: [0] });
});

it("rejects at once while the server is down, reports it once, and works when it is back", async () => {
  await using server = await startPostgres();
  const heard: unknown[] = [];
  const store = await postgresStore({ url: server.url, onTrouble: (trouble) => heard.push(trouble) });
  await store.submit(submission("run"));

  await server.kill();
  for (let n = 0; n < 20; n++) {
    await expect(store.loadRuns(["run"])).rejects.toMatchObject({ code: "store_unavailable", remedy: "retry" });
  }
  await server.restart();

  expect(await store.loadRuns(["run"])).toHaveLength(1);
  expect(heard).toEqual([expect.any(Error), "recovered"]);
  await store.close();
});

it("gives up a statement that takes too long, and drops its connection", async () => {
  const world = await postgresWorld();
  await world.startRun("run");
  const store = await world.open({ statementTimeoutMs: 100 });
  const holder = await world.session();
  await holder.query("begin; lock table troupe.runs in access exclusive mode");

  await expect(store.loadRuns(["run"])).rejects.toMatchObject({ code: "store_unavailable" });
  await holder.query("commit");

  expect(await store.loadRuns(["run"])).toHaveLength(1);
});

it("does not report a lock that was waited for in vain as a lost database", async () => {
  const world = await postgresWorld();
  await world.startRun("run");
  const heard: unknown[] = [];
  const store = await world.open({ onTrouble: (trouble) => heard.push(trouble) });
  const holder = await world.session();
  await holder.query("alter function troupe.end_run set lock_timeout = '50ms'");
  await holder.query("begin; select from troupe.runs for update");

  const ended = store.endRun("run", { status: "cancelled", result: null, error: null });

  await expect(ended).rejects.toMatchObject({ code: "store_unavailable" });
  expect(heard).toEqual([]);
});

it("rejects what is under way when it is closed, or lets it finish, and everything after", async () => {
  const { store } = await postgresWorld();

  const under = store.listRuns(1).catch((error: unknown) => error);
  await store.close();

  expect([[], expect.objectContaining({ code: "store_closed" })]).toContainEqual(await under);
  await expect(store.listRuns(1)).rejects.toMatchObject({ code: "store_closed" });
});
