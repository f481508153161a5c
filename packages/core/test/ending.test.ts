import { agent, decode } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { gate, idler, script, spawned } from "./script.ts";
import { eventsOf, openWorld } from "./world.ts";

const lead = script("lead", (message, self) => self.finish(message.body));

it("ends with what the root finished with, held against the agent's schema", async () => {
  const counter = agent("counter", {
    state: null,
    on: { start: z.object({ give: z.unknown() }) },
    result: z.number(),
    retry: { attempts: 1 },
    turn: (message, self) => self.finish(message.body.give as number),
  });
  await using world = await openWorld({ agents: [counter] });
  const { runtime } = world.worker;

  const good = await runtime.submit(counter, { give: 7 });
  const bad = await runtime.submit(counter, { give: "seven" });

  expect(await world.until(good.result())).toBe(7);
  await expect(world.until(bad.result())).rejects.toMatchObject({
    code: "run_quiescent",
    detail: expect.stringContaining("result_invalid"),
  });
});

it("ends an actor that is not the root when it finishes, and the run goes on", async () => {
  const kid = script("kid", (_message, self) => self.finish());
  const root = script("root", async (_message, self) => {
    const to = spawned(self.spawn(kid, "kid"));
    self.tell(to, "note", null);
    await self.sleep(100);
    self.finish(self.tell(to, "note", null));
  });
  await using world = await openWorld({ agents: [root, kid] });

  const run = await world.worker.runtime.submit(root, null);

  expect(await world.until(run.result())).toMatchObject({ reason: "actor_stopped" });
  expect((await run.status()).spent).toMatchObject({ actors: 2, actorsLiving: 1 });
});

it("comes to rest when nothing is left to do, and tells the dead letters if there are any", async () => {
  const quiet = idler("quiet");
  const failing = script(
    "failing",
    () => {
      throw new Error("broken");
    },
    { retry: { attempts: 1 } },
  );
  await using world = await openWorld({ agents: [quiet, failing] });
  const { runtime } = world.worker;

  const one = await runtime.submit(quiet, null);
  const other = await runtime.submit(failing, null);

  await expect(world.until(one.result())).rejects.toMatchObject({ code: "run_quiescent", detail: one.id });
  await expect(world.until(other.result())).rejects.toMatchObject({
    code: "run_quiescent",
    detail: expect.stringMatching(/1 dead letters, the first to failing@.*Error: broken/),
  });
});

it("does not come to rest while a turn sleeps, a question is open or a try is to come", async () => {
  const silent = script("silent", () => undefined);
  const waits = {
    sleeper: script("sleeper", (_message, self) => self.sleep(50_000)),
    asker: script("asker", async (_message, self) => {
      await self.ask(spawned(self.spawn(silent, "silent")), "question", null, { deadlineMs: 50_000 });
    }),
    retrier: script(
      "retrier",
      (_message, self) => {
        if (self.attempt === 1) throw new Error("once");
      },
      { retry: { baseMs: 100_000, maxMs: 100_000 } },
    ),
  };
  await using world = await openWorld({ agents: [silent, ...Object.values(waits)], settings: { idleMs: 5_000 } });
  const runs = [];
  for (const root of Object.values(waits)) runs.push(await world.worker.runtime.submit(root, null));

  await world.clock.advance(45_000);
  const before = await Promise.all(runs.map(async (run) => (await run.status()).status));
  await world.clock.advance(60_000);
  const after = await Promise.all(runs.map(async (run) => (await run.status()).status));

  expect(before).toEqual(["running", "running", "running"]);
  expect(after).toEqual(["quiescent", "quiescent", "quiescent"]);
});

it("commits nothing of a run that was cancelled", async () => {
  const stuck = gate();
  const root = script("root", async (_message, self) => {
    await stuck.passed;
    self.finish("too late");
  });
  await using world = await openWorld({ agents: [root] });
  const run = await world.worker.runtime.submit(root, null);
  await world.clock.advance(100);

  await run.cancel();
  await world.clock.advance(100);
  stuck.open();

  await expect(world.until(run.result())).rejects.toMatchObject({ code: "run_cancelled" });
  expect(eventsOf(world.worker.events, "turn_committed")).toEqual([]);
  expect(world.worker.runtime.census()).toMatchObject({ groups: 0, underWay: 0, backlog: 0 });
});

it("is one run for one key, and refuses the key to another input or agent", async () => {
  const other = idler("other");
  await using world = await openWorld({ agents: [lead, other] });
  const { runtime } = world.worker;

  const first = await runtime.submit(lead, "a", { key: "k" });
  const second = await runtime.submit(lead, "a", { key: "k" });

  expect([first.created, second.created, second.id]).toEqual([true, false, first.id]);
  await expect(runtime.submit(lead, "b", { key: "k" })).rejects.toMatchObject({ code: "key_conflict" });
  await expect(runtime.submit(other, "a", { key: "k" })).rejects.toMatchObject({ code: "key_conflict" });
  expect((await runtime.submit(lead, "b", { key: "k", tenant: "another" })).created).toBe(true);
  await expect(runtime.submit(lead, "a", { key: " " })).rejects.toMatchObject({ code: "config_invalid" });
});

it("refuses an input that does not fit, is too large for a message, or that nobody could start with", async () => {
  const picky = agent("picky", { state: null, on: { start: z.object({ path: z.string() }) }, turn: () => undefined });
  const deaf = agent("deaf", { state: null, on: { note: z.string() }, turn: () => undefined });
  await using world = await openWorld({ agents: [picky, deaf], settings: { bodyBytes: 100 } });
  const { runtime } = world.worker;

  await expect(runtime.submit(picky, { path: 7 } as never)).rejects.toMatchObject({ code: "input_invalid" });
  await expect(runtime.submit(deaf, "a" as never)).rejects.toMatchObject({ code: "input_invalid" });
  await expect(runtime.submit(picky, { path: "x".repeat(200) })).rejects.toMatchObject({ code: "input_invalid" });
  expect(await runtime.store.listRuns(10)).toEqual([]);
});

it("fails a run that takes more turns, or more time, than it may", async () => {
  const talker = script("talker", async (_message, self) => {
    await self.step("work", () => 1);
    self.tell(self.address, "note", null);
  });
  const sleeper = script("sleeper", (_message, self) => self.sleep(1_000_000));
  await using world = await openWorld({ agents: [talker, sleeper], settings: { idleMs: 5_000 } });
  const { runtime } = world.worker;

  const busy = await runtime.submit(talker, null, { limits: { turns: 10 } });
  const slow = await runtime.submit(sleeper, null, { limits: { wallMs: 60_000 } });

  await expect(world.until(busy.result())).rejects.toMatchObject({
    code: "limit_reached",
    detail: expect.stringContaining("turns is 10"),
  });
  await expect(world.until(slow.result(), 65_000)).rejects.toMatchObject({
    code: "limit_reached",
    detail: expect.stringContaining("wallMs"),
  });
  expect((await busy.status()).spent.turns).toBe(10);
});

it("tells who waits for a result that the runtime was closed", async () => {
  const sleeper = script("sleeper", (_message, self) => self.sleep(60_000));
  await using world = await openWorld({ agents: [sleeper] });
  const run = await world.worker.runtime.submit(sleeper, null);
  const result = expect(run.result()).rejects.toMatchObject({ code: "runtime_closed" });
  await world.clock.advance(100);

  await world.worker.close();

  await result;
  await expect(world.worker.runtime.run(run.id)).rejects.toMatchObject({ code: "runtime_closed" });
});

it("makes no dead letter of what was said to everyone when one of them has ended itself", async () => {
  const ended = script("ended", (_message, self) => self.finish());
  const lead = script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    self.tell(spawned(self.spawn(ended, "ended")), "note", "the last");
    self.say("note", "to everyone");
    self.tell(`ended@${self.group}`, "note", "to it alone");
  });
  await using world = await openWorld({ agents: [lead, ended] });

  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(5_000);

  expect((await run.status()).status).toBe("quiescent");
  expect((await world.store.deadLetters(run.id, 10)).map(({ body }) => decode(body))).toEqual(["to it alone"]);
});
