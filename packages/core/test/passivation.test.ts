import { expect, it } from "vitest";
import { script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

const SETTINGS = { idleMs: 2_000 };
const HOUR_MS = 3_600_000;

it("lets a group leave memory when nothing happens in it, and brings it back with its mail", async () => {
  const below = script("below", (message, self) => {
    self.state.seen.push(message.body);
    if (message.kind === "question") self.reply(message, self.state.seen);
  });
  const root = script("root", async (_message, self) => {
    const to = spawned(self.spawnGroup(below, "below"));
    self.tell(to, "note", "before");
    await self.sleep(60_000);
    const answer = await self.ask(to, "question", "after");
    self.finish(answer.accepted && answer.reply);
  });
  await using world = await openWorld({ agents: [root, below], settings: SETTINGS });
  const run = await world.worker.runtime.submit(root, null);
  await world.clock.advance(500);
  const awake = world.worker.runtime.census().groups;

  await world.clock.advance(20_000);
  const asleep = world.worker.runtime.census();

  expect(awake).toBeGreaterThanOrEqual(2);
  expect(asleep).toMatchObject({ groups: 0, unread: 0, waiting: 0, reserved: 0 });
  expect(await world.until(run.result(), 80_000)).toEqual(["before", "after"]);
});

it("brings a parked turn back when its question is answered, and when its deadline is over", async () => {
  const slow = script("slow", async (message, self) => {
    await self.sleep(message.body as number);
    self.reply(message, "answer");
  });
  const asker = script("asker", async (_message, self) => {
    const to = spawned(self.spawnGroup(slow, "slow"));
    const first = await self.ask(to, "question", 30_000, { deadlineMs: HOUR_MS });
    const second = await self.ask(to, "question", HOUR_MS, { deadlineMs: 30_000 });
    self.finish([first, second].map((answer) => (answer.accepted ? answer.reply : answer.reason)));
  });
  await using world = await openWorld({ agents: [asker, slow], settings: SETTINGS });

  const run = await world.worker.runtime.submit(asker, null);
  await world.clock.advance(20_000);
  const first = world.worker.runtime.census().groups;
  await world.clock.advance(30_000);
  const second = world.worker.runtime.census().groups;

  expect([first, second]).toEqual([0, 0]);
  expect(await world.until(run.result(), 20_000)).toEqual(["answer", "timeout"]);
});

it("keeps a group in memory that holds mail or has a turn under way", async () => {
  const forever = script("forever", () => new Promise<void>(() => undefined), { turnMs: HOUR_MS });
  const root = script(
    "root",
    (_message, self) => void self.tell(spawned(self.spawn(forever, "forever")), "note", null),
  );
  await using world = await openWorld({ agents: [root, forever], settings: { ...SETTINGS, graceMs: 100 } });
  await world.worker.runtime.submit(root, null);

  await world.clock.advance(20_000);

  expect(world.worker.runtime.census()).toMatchObject({ groups: 1, underWay: 1 });
});

it("reads the state of one idle member again when only that one gets mail", async () => {
  const sleepy = script("sleepy", (message, self) => {
    self.state.seen.push(message.body);
    self.tell(self.admin, "note", self.state.seen);
  });
  // Keeps the group in memory: it writes to itself twice a second.
  const root = script("root", async (message, self) => {
    if (message.kind === "note") {
      self.state.seen.push(message.body);
      if (self.state.seen.length === 2) self.finish(self.state.seen);
      return;
    }
    const left = (message.body as number | null) ?? 20;
    await self.step("tick", () => 1);
    if (left === 20 || left === 1) self.tell(spawned(self.spawn(sleepy, "sleepy")), "note", left);
    await self.sleep(500);
    if (left > 1) self.tell(self.address, "start", left - 1);
  });
  await using world = await openWorld({ agents: [root, sleepy], settings: SETTINGS });

  const run = await world.worker.runtime.submit(root, null);

  expect(await world.until(run.result())).toEqual([[20], [20, 1]]);
  expect(world.worker.faults.calls.filter(({ method }) => method === "loadState").length).toBeGreaterThan(0);
});

it("tells a circle though the group of one who waits in it has left memory", async () => {
  const below = script("below", async (message, self) => {
    await self.sleep(60_000);
    const answer = await self.ask(message.from, "question", "back");
    self.reply(message, answer.accepted ? answer.reply : answer.reason);
  });
  const root = script("root", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawnGroup(below, "below")), "question", "there");
    self.finish(answer.accepted && answer.reply);
  });
  await using world = await openWorld({ agents: [root, below], settings: SETTINGS });
  const run = await world.worker.runtime.submit(root, null);

  await world.clock.advance(30_000);
  const asleep = world.worker.runtime.census().groups;

  expect(asleep).toBe(0);
  expect(await world.until(run.result(), 90_000)).toBe("circle");
});
