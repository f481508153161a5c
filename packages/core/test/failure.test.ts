import { agent, type FailureReport, failure } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { gate, idler, script, spawned } from "./script.ts";
import { eventsOf, openWorld } from "./world.ts";

const ONCE = { retry: { attempts: 1 } };

it("tries a failed message again at the head of the mailbox, ever more seldom, and then the next one", async () => {
  const tries: [unknown, number][] = [];
  const bob = script(
    "bob",
    ({ body }) => {
      tries.push([body, world.clock.monotonic()]);
      if (body === "bad") throw new Error("no");
    },
    { retry: { attempts: 4, baseMs: 1_000, maxMs: 2_000 } },
  );
  const lead = script("lead", (_message, self) => {
    const to = spawned(self.spawn(bob, "bob"));
    for (const body of ["bad", "good"]) self.tell(to, "note", body);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  await world.worker.runtime.submit(lead, null);
  await world.clock.advance(20_000);

  expect(tries.map(([body]) => body)).toEqual(["bad", "bad", "bad", "bad", "good"]);
  const waits = tries.slice(1, 4).map(([, at], place) => at - (tries[place]?.[1] ?? 0));
  const bounds = [1_000, 2_000, 2_000];
  for (const [place, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual((bounds[place] ?? 0) / 2);
    expect(wait).toBeLessThanOrEqual(bounds[place] ?? 0);
  }
});

it("makes a dead letter of what failed to the last attempt, and goes on with the state of before", async () => {
  const bob = script(
    "bob",
    ({ body }, self) => {
      self.state.seen.push(body);
      if (body === "bad") throw new Error("no");
      self.tell(self.admin, "note", self.state.seen);
    },
    { retry: { attempts: 3 } },
  );
  const lead = script("lead", (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    const to = spawned(self.spawn(bob, "bob"));
    for (const body of ["a", "bad"]) self.tell(to, "note", body);
  });
  await using world = await openWorld({ agents: [lead, bob] });
  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toEqual(["a"]);
});

it("begins anew with the initial state where the policy is restart", async () => {
  const bob = script(
    "bob",
    ({ body }, self) => {
      self.state.seen.push(body);
      if (body === "bad") throw new Error("no");
      if (body === "last") self.tell(self.admin, "note", self.state.seen);
    },
    { onFailure: "restart", ...ONCE },
  );
  const lead = script("lead", (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    const to = spawned(self.spawn(bob, "bob"));
    for (const body of ["a", "bad", "last"]) self.tell(to, "note", body);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toEqual(["last"]);
});

it("stops an actor where the policy is stop: its mail is dead letters, and who asks is told", async () => {
  const bob = script(
    "bob",
    () => {
      throw new Error("no");
    },
    { onFailure: "stop", ...ONCE },
  );
  const lead = script("lead", async (_message, self) => {
    const to = spawned(self.spawn(bob, "bob"));
    self.tell(to, "note", 1);
    self.tell(to, "note", 2);
    const asked = await self.ask(to, "question", null);
    const told = self.tell(to, "note", 3);
    self.finish([asked, told]);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toMatchObject([{ reason: "failed" }, { reason: "actor_stopped" }]);
  const letters = await world.store.deadLetters(run.id, 10);
  expect(letters.map(({ reason, kind }) => `${kind} ${reason}`).sort()).toEqual([
    "note failed",
    "note stopped",
    "question stopped",
  ]);
});

it("escalates more restarts than the budget allows to the admin that takes failures", async () => {
  const bob = script(
    "bob",
    () => {
      throw new Error("always");
    },
    { onFailure: "restart", restarts: { restarts: 2, withinMs: 60_000 }, ...ONCE },
  );
  const lead = agent("lead", {
    state: null,
    on: { start: z.unknown(), failure },
    turn(message, self) {
      if (message.kind === "failure") return self.finish(message.body);
      const to = spawned(self.spawn(bob, "bob"));
      for (let number = 1; number <= 4; number++) self.tell(to, "note", number);
    },
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  const report = (await world.until(run.result())) as FailureReport;
  expect(report).toMatchObject({ actor: `bob@${run.id}`, kind: "note", error: "Error: always", attempts: 1 });
  expect(report.message.endsWith(":4")).toBe(true);
});

it("escalates past an admin that takes no failures to the group above", async () => {
  const bob = script(
    "bob",
    () => {
      throw new Error("deep down");
    },
    { onFailure: "escalate", ...ONCE },
  );
  const middle = script("middle", (_message, self) => void self.tell(spawned(self.spawn(bob, "bob")), "note", null));
  const lead = agent("lead", {
    state: null,
    on: { start: z.unknown(), failure },
    turn(message, self) {
      if (message.kind === "failure") return self.finish((message.body as FailureReport).actor);
      self.tell(spawned(self.spawnGroup(middle, "below")), "start", null);
    },
  });
  await using world = await openWorld({ agents: [lead, middle, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe(`bob@${run.id}/below`);
});

it("ends the run where nobody up to the root takes failures, and says what happened", async () => {
  const bob = script(
    "bob",
    () => {
      throw new Error("deep down");
    },
    { onFailure: "escalate", ...ONCE },
  );
  const middle = script("middle", (_message, self) => void self.tell(spawned(self.spawn(bob, "bob")), "note", null));
  const lead = script("lead", (_message, self) => {
    self.tell(spawned(self.spawnGroup(middle, "below")), "start", null);
  });
  await using world = await openWorld({ agents: [lead, middle, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  await expect(world.until(run.result())).rejects.toMatchObject({
    code: "run_failed",
    detail: expect.stringMatching(/bob@.*\/below could not handle note .* in 1 attempts: Error: deep down/),
  });
});

it("gives up a turn that is over its time, aborts its signal and counts it as a failure", async () => {
  const aborted: unknown[] = [];
  const bob = script(
    "bob",
    async (_message, self) => {
      if (self.attempt === 2) return void self.tell(self.admin, "note", "second attempt");
      await new Promise<void>((resolve) => {
        self.signal.addEventListener("abort", () => {
          aborted.push((self.signal.reason as Error).message);
          resolve();
        });
      });
      self.tell(self.admin, "note", "too late");
    },
    { turnMs: 5_000 },
  );
  const lead = script("lead", (message, self) => {
    if (message.kind === "note") return self.finish(message.body);
    self.tell(spawned(self.spawn(bob, "bob")), "note", null);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe("second attempt");
  expect(aborted).toHaveLength(1);
  expect(eventsOf(world.worker.events, "turn_failed")).toMatchObject([
    { error: expect.stringContaining("turn_timeout") },
  ]);
});

it("does not count the time that a turn is parked", async () => {
  const lead = script(
    "lead",
    async (_message, self) => {
      await self.sleep(3_600_000);
      self.finish("awake");
    },
    { turnMs: 5_000 },
  );
  await using world = await openWorld({ agents: [lead] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result(), 4_000_000)).toBe("awake");
});

it("stops two actors that bounce a message, and says so to the one that would send it once more", async () => {
  const refusals: unknown[] = [];
  let bounces = 0;
  const bounce = script("bounce", (message, self) => {
    bounces += 1;
    const receipt = self.tell(message.from, "note", null);
    if (!receipt.accepted) refusals.push(receipt);
  });
  const lead = script("lead", (message, self) => {
    if (message.kind === "start") self.tell(spawned(self.spawn(bounce, "bob")), "note", null);
    else {
      const receipt = self.tell(message.from, "note", null);
      if (!receipt.accepted) refusals.push(receipt);
    }
  });
  await using world = await openWorld({ agents: [lead, bounce] });

  const run = await world.worker.runtime.submit(lead, null, { limits: { bounces: 10 } });
  await expect(world.until(run.result())).rejects.toMatchObject({ code: "run_quiescent" });

  expect(refusals).toMatchObject([{ reason: "loop", message: expect.stringContaining("do something, or finish") }]);
  expect(bounces).toBeLessThanOrEqual(6);
});

it("lets two actors go on that do something between their messages", async () => {
  let rounds = 0;
  const lead = script("lead", async (message, self) => {
    const to = message.kind === "start" ? spawned(self.spawn(idler("lead2"), "bob")) : message.from;
    await self.step("work", () => 1);
    if (++rounds > 30) self.finish("enough");
    else self.tell(to, "note", null);
  });
  const bob = script("lead2", async (message, self) => {
    await self.step("work", () => 1);
    self.tell(message.from, "note", null);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null, { limits: { bounces: 10 } });

  expect(await world.until(run.result())).toBe("enough");
});

it("takes whatever a behaviour throws, also what cannot be shown", async () => {
  const hostile = [
    null,
    undefined,
    Object.create(null),
    Symbol("a"),
    { toString: () => ({}) },
    Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new Error("in the getter");
      },
    }),
  ];
  let next = 0;
  const lead = script(
    "lead",
    async (_message, self) => {
      const thrown = hostile[next++];
      if (next > hostile.length) return self.finish("survived");
      throw thrown;
    },
    { retry: { attempts: 20, maxMs: 10 } },
  );
  await using world = await openWorld({ agents: [lead] });

  const run = await world.worker.runtime.submit(lead, null);

  expect(await world.until(run.result())).toBe("survived");
});

it("waits for a behaviour whose promise is not one of this realm", async () => {
  const open = gate();
  const lead = script("lead", (_message, self) => {
    const thenable = {
      // biome-ignore lint/suspicious/noThenProperty: such promises are what the test is about
      then: (resolve: () => void) => {
        void open.passed.then(() => {
          self.finish("waited");
          resolve();
        });
      },
    };
    return thenable as unknown as Promise<void>;
  });
  await using world = await openWorld({ agents: [lead] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  open.open();

  expect(await world.until(run.result())).toBe("waited");
});

it("stops an actor that cannot even be restarted, since its initial state cannot be made", async () => {
  let made = 0;
  const bob = agent("bob", {
    state: () => {
      if (++made > 1) throw new Error("no more");
      return { made };
    },
    on: { note: z.unknown() },
    onFailure: "restart",
    ...ONCE,
    turn() {
      throw new Error("no");
    },
  });
  const lead = script("lead", (_message, self) => {
    const to = spawned(self.spawn(bob, "bob"));
    for (const number of [1, 2]) self.tell(to, "note", number);
  });
  await using world = await openWorld({ agents: [lead, bob] });

  const run = await world.worker.runtime.submit(lead, null);
  await expect(world.until(run.result())).rejects.toMatchObject({ code: "run_quiescent" });

  const letters = await world.store.deadLetters(run.id, 10);
  expect(letters.map(({ reason }) => reason).sort()).toEqual(["failed", "stopped"]);
});
