import { Subject } from "rxjs";
import { expect, it, vi } from "vitest";
import { script, spawned } from "./script.ts";
import { openWorld, World } from "./world.ts";

const kid = script("kid", (message, self) => void self.reply(message, "yes"));

it("tells who watches of every move, message and end, in order", async () => {
  const lead = script("lead", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawn(kid, "kid")), "question", "well?");
    if (self.attempt === 1) throw new Error("once");
    self.finish(answer.accepted);
  });
  await using world = await openWorld({ agents: [lead, kid] });

  const run = await world.worker.runtime.submit(lead, "go");
  await world.until(run.result());

  const [root, other] = [`lead@${run.id}`, `kid@${run.id}`];
  const turn = (type: string, actor: string, state: string, more: object = {}) => ({
    type,
    actor,
    state,
    turn: 1,
    ...more,
  });
  expect(world.worker.events.filter(({ type }) => type !== "budget" && !type.startsWith("shard"))).toMatchObject([
    { type: "message_appended", channel: run.id, seq: 1, from: "outside", to: "lead", kind: "start", body: "go" },
    turn("turn_taken", root, "processing", { attempt: 1, messages: [expect.stringMatching(/:1$/)] }),
    turn("turn_parked", root, "processing", { waitingFor: [other] }),
    { type: "actor_spawned", actor: other, agent: "kid", spawner: root },
    { type: "message_appended", seq: 2, from: root, to: "kid", kind: "question", body: "well?" },
    turn("turn_taken", other, "processing"),
    turn("turn_settled", other, "response"),
    { type: "message_appended", seq: 3, from: other, to: "lead", body: "yes" },
    turn("turn_committed", other, "idle"),
    turn("turn_failed", root, "response", { attempt: 1, error: "Error: once", retryAt: expect.any(Number) }),
    turn("turn_committed", root, "idle", { attempt: 1 }),
    turn("turn_taken", root, "processing", { attempt: 2 }),
    turn("turn_settled", root, "response", { attempt: 2 }),
    turn("turn_committed", root, "idle", { attempt: 2 }),
    { type: "run_ended", status: "finished" },
  ]);
});

it("builds nothing where nobody watches", async () => {
  const lead = script("lead", async (_message, self) => {
    self.tell("nobody", "note", null);
    await self.ask(spawned(self.spawn(kid, "kid")), "question", "well?");
    self.finish();
  });
  await using world = new World({ agents: [lead, kid] });
  const next = vi.spyOn(Subject.prototype, "next");
  const worker = await world.start({ watched: false });

  const run = await worker.runtime.submit(lead, null);
  await world.until(run.result());
  await worker.close();

  expect(next).not.toHaveBeenCalled();
});

it("shows a run its own events alone, to the last, however slowly they are read", async () => {
  const lead = script("lead", (_message, self) => self.finish());
  await using world = await openWorld({ agents: [lead] });
  const { runtime } = world.worker;
  const [one, other] = [await runtime.submit(lead, null), await runtime.submit(lead, null)];
  const types: string[] = [];
  const runs = new Set<string>();
  const read = (async () => {
    for await (const event of one.events()) {
      await Promise.resolve();
      types.push(event.type);
      if ("run" in event) runs.add(event.run);
    }
  })();

  await world.until(Promise.all([one.result(), other.result(), read]));

  expect(runs).toEqual(new Set([one.id]));
  expect(types.at(-1)).toBe("run_ended");
});
