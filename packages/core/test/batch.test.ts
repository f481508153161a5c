import { agent, request } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { gate, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

const ON = { note: z.number(), question: request(z.unknown(), z.unknown()) };

it("sends what a batch sent before a step, though its first attempt failed after the step", async () => {
  const collector = agent("collector", {
    state: null,
    on: ON,
    batch: 10,
    async turn(messages, self) {
      self.tell(
        self.admin,
        "note",
        messages.map(({ body }) => body),
      );
      await self.step("work", () => 1);
      await self.step("more", () => 2);
      if (self.attempt === 1) throw new Error("after the steps");
    },
  });
  const lead = script("lead", (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    const to = spawned(self.spawn(collector, "collector"));
    for (const number of [1, 2, 3]) self.tell(to, "note", number);
  });
  await using world = await openWorld({ agents: [lead, collector] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toEqual([1, 2, 3]);
});

it("is the same batch with the same key when a worker dies during its first effect, though more mail has come", async () => {
  const effects: [string, number][] = [];
  const stuck = gate();
  const collector = agent("collector", {
    state: null,
    on: ON,
    batch: 10,
    async turn(messages, self) {
      await self.step("work", async ({ idempotencyKey }) => {
        effects.push([
          idempotencyKey.split("@")[0] + idempotencyKey.slice(idempotencyKey.indexOf(":")),
          messages.length,
        ]);
        if (effects.length === 1) await stuck.passed;
      });
    },
  });
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(collector, "collector"));
    for (const number of [1, 2]) self.tell(to, "note", number);
    await self.sleep(100);
    self.tell(to, "note", 3);
    await self.sleep(3_600_000);
  });
  await using world = await openWorld({ agents: [lead, collector] });
  await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  world.worker.crash();
  await world.start();
  await world.clock.advance(30_000);

  expect(effects).toEqual([
    ["collector:1:work", 2],
    ["collector:1:work", 2],
    ["collector:2:work", 1],
  ]);
});

it("is the same batch with the same key after its first effect threw, though more mail has come", async () => {
  const effects: [string, number][] = [];
  const collector = agent("collector", {
    state: null,
    on: ON,
    batch: 10,
    retry: { baseMs: 1_000 },
    async turn(messages, self) {
      await self.step("work", async ({ idempotencyKey }) => {
        effects.push([idempotencyKey.slice(idempotencyKey.indexOf(":")), messages.length]);
        if (effects.length === 1) throw new Error("was it done?");
      });
    },
  });
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(collector, "collector"));
    for (const number of [1, 2]) self.tell(to, "note", number);
    await self.sleep(100);
    self.tell(to, "note", 3);
    await self.sleep(60_000);
  });
  await using world = await openWorld({ agents: [lead, collector] });
  await world.worker.runtime.submit(lead, null);

  await world.clock.advance(30_000);

  expect(effects).toEqual([
    [":1:work", 2],
    [":1:work", 2],
    [":2:work", 1],
  ]);
});

it("leaves the next turn alone when a step that nobody waited for comes to its end later", async () => {
  const late = gate();
  const batches: number[][] = [];
  const collector = agent("collector", {
    state: null,
    on: ON,
    batch: 2,
    async turn(messages, self) {
      batches.push(messages.map(({ body }) => body as number));
      if (batches.length > 1) return void self.tell(self.admin, "note", "next");
      await self.step("first", () => 1);
      void late.passed.then(() => void self.step("late", () => 2));
    },
  });
  const lead = script("lead", async (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    const to = spawned(self.spawn(collector, "collector"));
    for (const number of [1, 2]) self.tell(to, "note", number);
    await self.sleep(1_000);
    for (const number of [3, 4]) self.tell(to, "note", number);
  });
  await using world = await openWorld({ agents: [lead, collector] });
  const run = await world.worker.runtime.submit(lead, null);

  await world.clock.advance(500);
  late.open();

  expect(await world.until(run.result())).toBe("next");
  expect(batches).toEqual([
    [1, 2],
    [3, 4],
  ]);
});
