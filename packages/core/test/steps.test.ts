import type { TroupeEvent } from "@troupe/core";
import { expect, it } from "vitest";
import { gate, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

it("does not give the steps of a question that nobody needs any more to the message after it", async () => {
  const done: unknown[] = [];
  const stuck = gate();
  const bob = script("bob", async (message, self) => {
    done.push(await self.step("work", () => message.body));
    if (done.length === 1) await stuck.passed;
    self.tell(self.admin, "note", "done");
  });
  const lead = script("lead", async (message, self) => {
    if (message.kind === "note") return self.finish(done);
    const to = spawned(self.spawn(bob, "bob"));
    await self.ask(to, "question", "the question", { deadlineMs: 3_000 });
    self.tell(to, "note", "the next");
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(2_000);

  world.worker.crash();
  const other = await world.start();

  const again = await other.runtime.run(run.id);
  expect(await world.until(again?.result() ?? Promise.reject())).toEqual(["the question", "the next"]);
});

it("begins an effect only when the results before it are durable, a sleep that is over between them or not", async () => {
  const lead = script("lead", async (_message, self) => {
    await self.step("first", () => 1);
    await self.sleep(0);
    await self.step("second", () => {
      durable = [...applied];
    });
    self.finish();
  });
  await using world = await openWorld({ agents: [lead] });
  const applied: string[] = [];
  let durable: string[] = [];
  const { commit } = world.store;
  world.store.commit = async (batch) => {
    const outcome = await commit(batch);
    applied.push(...batch.steps.map(({ key }) => key));
    return outcome;
  };

  const run = await world.worker.runtime.submit(lead, null);
  await world.until(run.result());

  expect(durable).toEqual(["step:first", "sleep:0"]);
});

it("runs an effect once over retries and crashes, with one idempotency key, and gives a copy of its result each time", async () => {
  const effects: string[] = [];
  const results: unknown[] = [];
  const lead = script("lead", async (_message, self) => {
    const result = await self.step("work", ({ idempotencyKey }) => {
      effects.push(idempotencyKey);
      return { at: new Date(0), big: 10n, list: new Set([1]) };
    });
    results.push(structuredClone(result));
    result.list.add(2);
    if (self.attempt === 1) throw new Error("after the effect");
    await self.sleep(60_000);
    self.finish();
  });
  await using world = await openWorld({ agents: [lead] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(10_000);

  world.worker.crash();
  const other = await world.start();
  const again = await other.runtime.run(run.id);
  await world.until(again?.result() ?? Promise.reject());

  expect(effects).toEqual([`lead@${run.id}:1:work`]);
  expect(results.length).toBeGreaterThanOrEqual(3);
  for (const result of results) expect(result).toEqual({ at: new Date(0), big: 10n, list: new Set([1]) });
});

it("runs an effect that threw again with the next attempt", async () => {
  let tries = 0;
  const lead = script("lead", async (_message, self) => {
    self.finish(
      await self.step("work", () => {
        tries += 1;
        if (tries < 3) throw new Error("not yet");
        return tries;
      }),
    );
  });
  await using world = await openWorld({ agents: [lead] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe(3);
});

it("throws for two steps of one key, for a result that is too large and for one that cannot be stored", async () => {
  const codes: unknown[] = [];
  const lead = script("lead", async (_message, self) => {
    const codeOf = (step: Promise<unknown>): Promise<unknown> => step.catch((error: { code: string }) => error.code);
    await self.step("a", () => 1);
    codes.push(await codeOf(self.step("a", () => 2)));
    codes.push(await codeOf(self.step("b", () => "x".repeat(2_000))));
    codes.push(await codeOf(self.step("c", () => Symbol("no"))));
    self.finish();
  });
  await using world = await openWorld({ agents: [lead], settings: { stepBytes: 1_000 } });

  const run = await world.worker.runtime.submit(lead, null);
  await world.until(run.result());

  expect(codes).toEqual(["step_key_reused", "step_too_large", "value_unserializable"]);
});

it("puts the state back when it is too large or cannot be stored, and says so", async () => {
  const lead = script(
    "lead",
    (message, self) => {
      const { seen } = self.state;
      if (message.kind === "note" && message.body === "end") return self.finish(seen);
      if (message.kind === "start") {
        seen.push("kept");
        for (const body of ["large", "strange", "end"]) self.tell(self.address, "note", body);
      } else if (message.body === "large") seen.push("x".repeat(2_000));
      else seen.push(Symbol("no"));
    },
    { retry: { attempts: 1 } },
  );
  await using world = await openWorld({ agents: [lead], settings: { stateBytes: 1_000 } });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toEqual(["kept"]);
  const errors = (await world.store.deadLetters(run.id, 10)).map(({ error }) => error?.split(":")[0]);
  expect(errors.sort()).toEqual(["state_too_large", "value_unserializable"]);
});

it("gives up a message that too many workers died of", async () => {
  let deaths = 0;
  const killer = script("killer", () => {
    deaths += 1;
    return new Promise<void>(() => undefined);
  });
  const lead = script("lead", async (_message, self) => {
    const answer = await self.ask(spawned(self.spawn(killer, "killer")), "question", null, { deadlineMs: 3_600_000 });
    self.finish(answer.accepted || answer.message);
  });
  await using world = await openWorld({ agents: [lead, killer], settings: { crashes: 3, leaseMs: 1_000 } });
  const run = await world.worker.runtime.submit(lead, null);
  let { worker } = world;
  const lives = [worker];
  for (let count = 1; count <= 6; count++) {
    await world.clock.advance(3_000);
    worker.crash();
    worker = await world.start();
    lives.push(worker);
  }

  const again = await worker.runtime.run(run.id);

  expect(await world.until(again?.result() ?? Promise.reject(), 60_000)).toContain("turn_crashed");
  const isItsMove = (event: TroupeEvent) =>
    event.type.startsWith("turn_") && "actor" in event && event.actor.startsWith("killer@");
  const lastLife = lives.map(({ events }) => events.filter(isItsMove)).find((moves) => moves.length > 1);
  expect(lastLife?.map(({ type }) => type)).toEqual(["turn_taken", "turn_failed", "turn_committed"]);
  expect(deaths).toBe(4);
});
