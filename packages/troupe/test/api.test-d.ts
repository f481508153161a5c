import { expectTypeOf } from "vitest";
import {
  type Address,
  type Answer,
  agent,
  type Message,
  memoryStore,
  open,
  type Receipt,
  type Run,
  request,
  type Spawned,
  systemClock,
  type Troupe,
  z,
} from "../src/index.ts";

// What the API must and must not let through. Compiled with everything else, never run.

const reader = agent("reader", {
  state: { files: 0 },
  on: {
    read: z.object({ path: z.string(), depth: z.number().default(1) }),
    size: request(z.string(), z.object({ bytes: z.number() })),
    when: z.coerce.date(),
  },
  turn(message, self) {
    expectTypeOf(message.kind).toEqualTypeOf<"read" | "size" | "when">();
    expectTypeOf(message.from).toEqualTypeOf<Address>();
    expectTypeOf(self.state).toEqualTypeOf<{ files: number }>();
    expectTypeOf(self.address).toEqualTypeOf<Address<(typeof reader)["on"]>>();
    switch (message.kind) {
      case "read":
        // The receiver sees what its schema makes of the body, the sender what it takes.
        expectTypeOf(message.body).toEqualTypeOf<{ path: string; depth: number }>();
        // @ts-expect-error nothing was asked
        self.reply(message, { bytes: 1 });
        break;
      case "size":
        expectTypeOf(message.body).toEqualTypeOf<string>();
        expectTypeOf(self.reply(message, { bytes: 1 })).toEqualTypeOf<Receipt>();
        // @ts-expect-error bytes is a number
        self.reply(message, { bytes: "1" });
        // @ts-expect-error bytes is missing
        self.reply(message, {});
        break;
      case "when":
        expectTypeOf(message.body).toEqualTypeOf<Date>();
        break;
      // @ts-expect-error no such kind
      case "write":
        break;
    }
    // @ts-expect-error no such field
    self.state.folders = 1;
    // @ts-expect-error a number
    self.state.files = "1";
  },
});

const lead = agent("lead", {
  state: (): { seen: string[] } => ({ seen: [] }),
  on: { start: z.object({ root: z.string(), deep: z.boolean().optional() }), facts: z.unknown() },
  result: z.object({ files: z.number() }),
  async turn(message, self) {
    const spawned = self.spawn(reader, "reader-1");
    expectTypeOf(spawned).toExtend<Spawned<(typeof reader)["on"]>>();
    // @ts-expect-error a refusal has no address
    spawned.address;
    if (!spawned.accepted) {
      expectTypeOf(spawned.message).toEqualTypeOf<string>();
      return;
    }
    expectTypeOf(spawned.address).toEqualTypeOf<Address<(typeof reader)["on"]>>();
    expectTypeOf(self.spawnGroup(reader, "below")).toExtend<Spawned<(typeof reader)["on"]>>();

    expectTypeOf(self.tell(spawned.address, "read", { path: "a" })).toEqualTypeOf<Receipt>();
    // @ts-expect-error no such kind
    self.tell(spawned.address, "write", { path: "a" });
    // @ts-expect-error path is a string
    self.tell(spawned.address, "read", { path: 1 });
    // @ts-expect-error path is missing
    self.tell(spawned.address, "read", {});
    // @ts-expect-error the body of another kind
    self.tell(spawned.address, "size", { path: "a" });
    // @ts-expect-error a body is needed
    self.tell(spawned.address, "read");
    // @ts-expect-error not an address
    self.tell(reader, "read", { path: "a" });

    const answer = await self.ask(spawned.address, "size", "a", { deadlineMs: 5 });
    expectTypeOf(answer).toExtend<Answer<{ bytes: number }>>();
    // @ts-expect-error a refusal has no reply
    answer.reply;
    if (answer.accepted) expectTypeOf(answer.reply).toEqualTypeOf<{ bytes: number }>();
    // @ts-expect-error this kind is told, not asked
    await self.ask(spawned.address, "read", { path: "a" });
    // @ts-expect-error its body is a string
    await self.ask(spawned.address, "size", 1);

    // Of a plain string, and of a sender, nothing is known: anything may be sent, and is checked when it is.
    self.tell(`${self.name}@${self.group}`, "anything", { at: 1 });
    self.tell(message.from, "anything", { at: 1 });
    const unknown = await self.ask("someone@somewhere", "anything", null);
    if (unknown.accepted) expectTypeOf(unknown.reply).toEqualTypeOf<unknown>();

    expectTypeOf(await self.step("n", () => 1)).toEqualTypeOf<number>();
    expectTypeOf(await self.step("s", async ({ signal }) => String(signal.aborted))).toEqualTypeOf<string>();
    expectTypeOf(await self.history(3)).toEqualTypeOf<readonly Message[]>();

    self.finish({ files: 1 });
    // @ts-expect-error files is a number
    self.finish({ files: "1" });
    // @ts-expect-error not what its result says
    self.finish("done");
  },
});

const batcher = agent("batcher", {
  state: null,
  on: { add: z.number() },
  batch: 10,
  turn(messages) {
    expectTypeOf(messages[0]?.body).toEqualTypeOf<number | undefined>();
    // @ts-expect-error many messages make its turn
    messages.kind;
  },
});

// @ts-expect-error an agent without a turn
agent("idle", { state: 0, on: {} });

async function submits(troupe: Troupe) {
  expectTypeOf(await troupe.submit(lead, { root: "." })).toEqualTypeOf<Run<{ files: number }>>();
  const run = await troupe.submit(lead, { root: "." }, { key: "k", tenant: "t", limits: { depth: 3 } });
  expectTypeOf(await run.result()).toEqualTypeOf<{ files: number }>();
  for await (const event of run.events()) if (event.type === "dead_letter") expectTypeOf(event.reason).toBeString();
  // @ts-expect-error root is a string
  await troupe.submit(lead, { root: 1 });
  // @ts-expect-error root is missing
  await troupe.submit(lead, {});
  // @ts-expect-error no such limit
  await troupe.submit(lead, { root: "." }, { limits: { breadth: 3 } });
  // @ts-expect-error a reader takes no start
  await troupe.submit(reader, { root: "." });
  // @ts-expect-error the name of an agent is not the agent
  await troupe.submit("lead", { root: "." });
  expectTypeOf(await troupe.run("id")).toEqualTypeOf<Run<unknown> | undefined>();
}

async function opens() {
  await using troupe = await open({ agents: [lead, reader, batcher] });
  expectTypeOf(troupe).toEqualTypeOf<Troupe>();
  await open({ store: memoryStore({ clock: systemClock }), agents: [lead], settings: { pollMs: 10 } });
  // @ts-expect-error no agents
  await open({ store: "memory:" });
  // @ts-expect-error no such setting
  await open({ agents: [lead], settings: { pollMS: 10 } });
  // @ts-expect-error not a store
  await open({ agents: [lead], store: 5 });
}

export const compiled = [submits, opens];
