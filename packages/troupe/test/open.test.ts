import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { agent, isFault, memoryStore, open, openStore, systemClock, z } from "../src/index.ts";
import { nextEvent } from "./next-event.ts";
import { makeReaders } from "./readers.ts";
import { tempFolder } from "./temp-folder.ts";

const echo = agent("echo", {
  state: {},
  on: { start: z.string() },
  result: z.string(),
  turn: (message, self) => self.finish(message.body),
});

const sleeper = agent("sleeper", {
  state: {},
  on: { start: z.number() },
  result: z.string(),
  async turn(message, self) {
    await self.sleep(message.body);
    self.finish("rested");
  },
});

afterEach(() => vi.unstubAllEnvs());

describe("open", () => {
  it("runs what the design says a script looks like", async () => {
    const { lead, agents } = makeReaders();
    await using troupe = await open({ store: "memory:", agents });

    const limits = { depth: 3, children: 8 };
    const run = await troupe.submit(lead, { paths: ["a", "b"] }, { key: "audit-1", limits });
    const types: string[] = [];
    for await (const event of run.events()) types.push(event.type);

    expect(await run.result()).toEqual({ read: ["a", "b"] });
    expect(types).toContain("actor_spawned");
    expect(types.at(-1)).toBe("run_ended");
    expect((await run.status()).limits).toMatchObject(limits);
  });

  it("answers the same key with the same run, also after the store was closed", async () => {
    await using folder = await tempFolder();
    const options = { store: join(folder.path, "store"), agents: [echo] };

    const first = await open(options);
    const submitted = await first.submit(echo, "hello", { key: "k" });
    await submitted.result();
    await first.close();
    await using second = await open(options);
    const again = await second.submit(echo, "hello", { key: "k" });

    expect(again).toMatchObject({ id: submitted.id, created: false });
    expect(await again.result()).toBe("hello");
  });

  it("goes on with the runs that it finds", async () => {
    await using folder = await tempFolder();
    const options = { store: join(folder.path, "store"), agents: [sleeper] };

    const first = await open(options);
    const parked = nextEvent(first, "turn_parked");
    const submitted = await first.submit(sleeper, 300);
    await parked;
    await first.close();
    await using second = await open(options);
    const found = await second.run(submitted.id);

    expect(await found?.result()).toBe("rested");
  });

  it("works on PostgreSQL with two workers, in a schema of its own", async () => {
    await using database = await testDatabase();
    const options = { store: database.url, schema: "two", agents: [echo] };
    await using one = await open(options);
    await using other = await open(options);

    const run = await one.submit(echo, "over there");
    const seen = await other.run(run.id);

    expect(await seen?.result()).toBe("over there");
    expect(one.store.label).toContain("(schema two)");
    expect(one.store.label).not.toContain(`:${new URL(database.url).password}@`);
  });

  it("closes once, however often it is told to", async () => {
    await using folder = await tempFolder();
    const troupe = await open({ store: join(folder.path, "store"), agents: [echo] });

    await Promise.all([troupe.close(), troupe.close()]);
    await troupe[Symbol.asyncDispose]();

    await expect(troupe.submit(echo, "late")).rejects.toThrow("this runtime is closed");
    await expect(troupe.store.listRuns(1)).rejects.toThrow("the store is closed");
  });

  it("closes the store when it cannot start", async () => {
    await using folder = await tempFolder();
    const store = join(folder.path, "store");
    const another = agent("echo", { state: {}, on: { start: z.string() }, turn: () => undefined });

    await expect(open({ store, agents: [echo, another] })).rejects.toThrow("two agents are named echo");

    await using troupe = await open({ store, agents: [echo] });
    expect(await (await troupe.submit(echo, "free")).result()).toBe("free");
  });

  it("leaves a store open that it was given", async () => {
    const store = memoryStore({ clock: systemClock });
    const troupe = await open({ store, agents: [echo] });
    await troupe.submit(echo, "kept");

    await troupe.close();

    expect(await store.listRuns(10)).toHaveLength(1);
  });

  it("refuses a folder that is open already, and says by whom", async () => {
    await using folder = await tempFolder();
    await using _ = await open({ store: folder.path, agents: [echo] });

    await expect(open({ store: folder.path, agents: [echo] })).rejects.toThrow(`process ${process.pid}`);
  });

  it("takes the store and schema of the environment where none is named", async () => {
    await using folder = await tempFolder();
    vi.stubEnv("TROUPE_STORE", join(folder.path, "named"));
    vi.stubEnv("TROUPE_SCHEMA", "Not A Name");

    await expect(open({ agents: [echo] })).rejects.toThrow("schema");
    await using troupe = await open({ agents: [echo], schema: "plain" });

    expect(troupe.store.label).toBe(join(folder.path, "named"));
  });

  it.each(["", "mysql://root:secret@host/db", "https://x"])("does not take %j for a store", async (store) => {
    const error = await open({ store, agents: [echo] }).catch((each: unknown) => each);

    expect(isFault(error, "config_invalid")).toBe(true);
    expect(String(error)).not.toContain("secret");
  });

  it("says trouble that nobody listens to as a warning, once", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    await using folder = await tempFolder();
    const first = await open({ store: folder.path, agents: [sleeper] });
    const parked = nextEvent(first, "turn_parked");
    await first.submit(sleeper, 100);
    await parked;
    await first.close();

    await using _ = await open({ store: folder.path, agents: [echo], settings: { pollMs: 10 } });

    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1));
    expect(warn.mock.calls[0]?.[0]).toContain("sleeper");
  });

  it("opens a store for looking into it alone", async () => {
    await using folder = await tempFolder();
    await (await open({ store: folder.path, agents: [echo] })).close();

    const store = await openStore(folder.path);

    expect(await store.listRuns(1)).toEqual([]);
    await store.close();
  });
});
