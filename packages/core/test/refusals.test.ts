import { type Agent, agent, REFUSALS, type RefusalReason, request } from "@troupe/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { gate, idler, type ScriptSelf, script, spawned } from "./script.ts";
import { openWorld } from "./world.ts";

const picky = agent("picky", {
  state: null,
  on: { count: z.object({ number: z.number() }), find: request(z.string(), z.number()), start: z.unknown() },
  turn: () => undefined,
});
const kid = idler("kid");

/** What a root is told when it does this in its first turn. */
async function told(
  act: (self: ScriptSelf) => unknown,
  { agents = [], settings = {}, limits = {} }: { agents?: Agent[]; settings?: object; limits?: object } = {},
): Promise<unknown> {
  const answers: unknown[] = [];
  const lead = script("lead", async (message, self) => {
    if (message.kind !== "start") return;
    answers.push(await act(self));
    self.finish();
  });
  await using world = await openWorld({ agents: [lead, picky, kid, ...agents], settings });
  const run = await world.worker.runtime.submit(lead, null, { limits });
  await world.until(run.result());
  return answers[0];
}

function refusal(reason: RefusalReason, ...words: string[]) {
  const pattern = [REFUSALS[reason], ...words].map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return { accepted: false, reason, message: expect.stringMatching(new RegExp(pattern)) };
}

it("refuses to tell what no such actor could hear, and names what would be right", async () => {
  const answer = await told((self) => {
    const to = spawned(self.spawn(picky, "picky")) as string;
    return [
      self.tell(`nobody@${self.group}`, "count", {}),
      self.tell("picky", "count", {}),
      self.tell(to, "amount", 1),
      self.tell(to, "count", { number: "one" }),
      self.tell(to, "count", { number: 1 }),
    ];
  });

  expect(answer).toMatchObject([
    refusal("actor_unknown", "nobody"),
    refusal("actor_unknown", "is not an address; write name@"),
    refusal("kind_unknown", 'picky takes count, find, start, not "amount"'),
    refusal("body_invalid", "count for picky: number: "),
    { accepted: true },
  ]);
});

it("refuses a body that is too large, or that cannot be stored, and says how large it may be", async () => {
  const loop: { self?: unknown } = {};
  loop.self = loop;

  const answer = await told(
    (self) => {
      const to = spawned(self.spawn(kid, "kid"));
      return [self.tell(to, "note", "x".repeat(2_000)), self.tell(to, "note", Symbol("a")), self.tell(to, "note", "x")];
    },
    { settings: { bodyBytes: 1_000 } },
  );

  expect(answer).toMatchObject([
    refusal("body_too_large", "bytes; at most 1000"),
    refusal("body_invalid"),
    { accepted: true },
  ]);
});

it("refuses more than a turn may send, and more than a mailbox holds", async () => {
  const out = await told(
    (self) => {
      const to = spawned(self.spawn(kid, "kid"));
      return [1, 2, 3].map((number) => self.tell(to, "note", number)).at(-1);
    },
    { settings: { outMessages: 2 } },
  );
  const full = await told(
    (self) => {
      const to = spawned(self.spawn(kid, "kid"));
      return self.sleep(1).then(() => [1, 2, 3].map((number) => self.tell(to, "note", number)).at(-1));
    },
    { settings: { mailboxMessages: 2 } },
  );

  const unborn = await told(
    (self) => {
      const to = spawned(self.spawn(kid, "kid"));
      self.say("note", "to those who are born with it");
      return [1, 2].map((number) => self.tell(to, "note", number)).at(-1);
    },
    { settings: { mailboxMessages: 2 } },
  );

  expect(unborn).toMatchObject({ ...refusal("mailbox_full", "kid (0 waiting)"), retryAfterMs: expect.any(Number) });
  expect(out).toMatchObject(refusal("out_mailbox_full", "at most 2 messages"));
  expect(full).toMatchObject({ ...refusal("mailbox_full", "kid (0 waiting)"), retryAfterMs: expect.any(Number) });
});

it("refuses to say what nobody else takes", async () => {
  const answer = await told((self) => [self.say("note", 1), self.say("nothing", 1)]);

  expect(answer).toMatchObject([refusal("kind_unknown", "nobody else in"), refusal("kind_unknown", '"nothing"')]);
});

it("refuses a reply to what was not asked, and one that is not of the shape", async () => {
  const answers: unknown[] = [];
  const replier = agent("replier", {
    state: null,
    on: { find: request(z.string(), z.number()), note: z.unknown() },
    turn(message, self) {
      answers.push(self.reply(message, "not a number" as never));
      answers.push(self.reply(message, 7 as never));
    },
  });

  await told(
    async (self) => {
      const to = spawned(self.spawn(replier, "replier"));
      self.tell(to, "note", 1);
      return self.ask(to, "find", "it");
    },
    { agents: [replier] },
  );

  expect(answers).toMatchObject([
    refusal("not_asked", "was told; use tell"),
    refusal("not_asked"),
    refusal("body_invalid", "reply to find"),
    { accepted: true },
  ]);
});

it("refuses to write to those outside, and to other runs", async () => {
  const outside: unknown[] = [];
  const lead = script("lead", (message, self) => {
    outside.push(message.from, self.tell(message.from, "note", 1), self.tell("lead@another", "note", 1));
    self.finish();
  });
  await using world = await openWorld({ agents: [lead] });

  await world.until((await world.worker.runtime.submit(lead, null)).result());

  expect(outside).toMatchObject([
    "outside",
    refusal("out_of_reach", "finish the run with a result"),
    refusal("out_of_reach", "belongs to another run"),
  ]);
});

it("refuses what breaks a cap of the run, with what there is and how much there may be", async () => {
  const limits = { children: 2, depth: 1, groups: 1, actors: 2 };
  const actors = await told((self) => [self.spawn(kid, "a"), self.spawn(kid, "b")], { limits });
  const groups = await told((self) => self.spawnGroup(kid, "a"), { limits: { groups: 1 } });
  const depth = await told((self) => self.spawnGroup(kid, "a"), { limits });
  const children = await told((self) => [self.spawn(kid, "a"), self.spawn(kid, "b")], { limits: { children: 1 } });

  expect(actors).toMatchObject([{ accepted: true }, refusal("limit_actors", "of 2")]);
  expect(groups).toMatchObject(refusal("limit_groups", "1 of 1"));
  expect(depth).toMatchObject(refusal("limit_depth", "level 1, the limit"));
  expect(children).toMatchObject([{ accepted: true }, refusal("limit_children", "hand the work to those there are")]);
});

it("tells a behaviour that outlives its turn that nothing it does counts any more", async () => {
  const late = gate();
  const answers: unknown[] = [];
  const lead = script("lead", (_message, self) => {
    void late.passed.then(async () => {
      answers.push(self.tell(`kid@${self.group}`, "note", 1), self.say("note", 1), self.spawn(kid, "late"));
      answers.push(await self.ask(`kid@${self.group}`, "question", 1));
    });
    self.spawn(kid, "kid");
  });
  await using world = await openWorld({ agents: [lead, kid] });
  const run = await world.worker.runtime.submit(lead, null);
  await world.clock.advance(100);

  late.open();
  await world.clock.advance(100);

  expect(answers).toHaveLength(4);
  for (const answer of answers)
    expect(answer).toMatchObject({ accepted: false, message: expect.stringContaining("turn is over") });
  expect((await world.store.inspect(run.id))?.groups[0]?.members).toHaveLength(2);
});
