import { decode, type Store, TroupeError } from "@troupe/core";
import { expect, it } from "vitest";
import { script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

/** As a store does that cannot hold a value: whatever commit the turn is in. */
function rejectTurnsOf(store: Store, actor: string): void {
  const { commit } = store;
  store.commit = async (batch) => {
    const isPoison = batch.turns.some((turn) => turn.actor === actor && turn.outcome === "done");
    if (isPoison) throw new TroupeError("commit_rejected", "by the test");
    return commit(batch);
  };
}

it("quarantines the one actor whose turn the store rejects, and applies the others of the same commit", async () => {
  const seen: unknown[] = [];
  const good = script("good", ({ body }) => void seen.push(body));
  const bad = script("bad", (_message, self) => void self.tell(`good@${self.group}`, "note", "poison"));
  const lead = script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    const to = spawned(self.spawn(good, "good"));
    self.tell(spawned(self.spawn(bad, "bad")), "note", null);
    for (let number = 0; number < 3; number++) self.tell(to, "note", number);
    await self.sleep(60_000);
    self.finish("went on");
  });
  await using world = await openWorld({ agents: [lead, good, bad] });
  rejectTurnsOf(world.store, "bad");
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(1_000);

  const standings = (await world.store.inspect(run.id))?.groups[0]?.members.map(({ name, standing }) => [
    name,
    standing,
  ]);
  expect(standings).toEqual([
    ["lead", "active"],
    ["good", "active"],
    ["bad", "quarantined"],
  ]);
  expect(seen).toEqual([0, 1, 2]);
  expect(await world.store.deadLetters(run.id, 10)).toMatchObject([{ actor: "bad", kind: "note" }]);
});

it("hands a poisonous turn up where the agent's policy says so, and ends the run where nobody takes it", async () => {
  const bad = script("bad", () => undefined, { onFailure: "escalate" });
  const lead = script("lead", (_message, self) => void self.tell(spawned(self.spawn(bad, "bad")), "note", null));
  await using world = await openWorld({ agents: [lead, bad] });
  rejectTurnsOf(world.store, "bad");

  const run = await world.worker.runtime.submit(lead, null);

  await expect(world.until(run.result())).rejects.toMatchObject({ code: "run_failed" });
});

it("tells those who ask that the actor asked is in quarantine", async () => {
  const bad = script("bad", (message, self) => void self.reply(message, "never"));
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(bad, "bad"));
    const first = await self.ask(to, "question", null);
    self.finish([first, await self.ask(to, "question", null)]);
  });
  await using world = await openWorld({ agents: [lead, bad] });
  rejectTurnsOf(world.store, "bad");

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toMatchObject([{ reason: "failed" }, { reason: "actor_stopped" }]);
});

it("puts a turn aside whose first part the store rejects, though it has parked again and settled meanwhile", async () => {
  const seen: unknown[] = [];
  const good = script("good", ({ body }) => void seen.push(body));
  const bad = script("bad", async (_message, self) => {
    self.tell(`good@${self.group}`, "note", "poison");
    await self.sleep(10);
    self.tell(`good@${self.group}`, "note", "after it");
    await self.sleep(10);
  });
  const lead = script("lead", (message, self) => {
    if (message.kind !== "start") return;
    self.spawn(good, "good");
    self.tell(spawned(self.spawn(bad, "bad")), "note", null);
  });
  await using world = await openWorld({ agents: [lead, good, bad] });
  const { commit } = world.store;
  world.store.commit = async (batch) => {
    const isPoison = batch.log.some(({ sender, body }) => sender === "bad" && decode(body) === "poison");
    if (!isPoison) return commit(batch);
    await new Promise<void>((resolve) => world.clock.after(100, resolve));
    throw new TroupeError("commit_rejected", "by the test");
  };
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(5_000);

  const standings = (await world.store.inspect(run.id))?.groups[0]?.members.map(({ name, standing }) => [
    name,
    standing,
  ]);
  expect(standings).toContainEqual(["bad", "quarantined"]);
  expect(await world.store.deadLetters(run.id, 10)).toMatchObject([{ actor: "bad", kind: "note" }]);
  expect(seen).toEqual([]);
});
