import { agent, memoryStore, startRuntime, systemClock } from "@troupe/core";
import { z } from "zod";
import { RuntimeLoad } from "../../turns/runtime-load.ts";
import { FIRST, NOTHING_YET, next, remember } from "../token.ts";
import { ACTIVE, inChunks, type StartInMemory, TELLS } from "./shapes.ts";

/** The whole runtime on the store in memory, with default settings. */
export const start: StartInMemory = (shape) => (shape === "ring" ? ring() : flood());

async function ring() {
  const load = await RuntimeLoad.start(memoryStore({ clock: systemClock }), ACTIVE);
  return {
    async round(ms: number) {
      const { turns, hops, ...round } = await load.round(ms);
      return { ms: round.ms, hops: turns, gaps: hops };
    },
  };
}

const A_TURN = 500;
const TOKEN = z.object({ hop: z.number(), text: z.string() });

/** Takes all that waits for it in one turn. */
const counter = agent("counter", {
  state: NOTHING_YET,
  on: { token: TOKEN },
  batch: 100,
  turn(tokens, self) {
    for (const _ of tokens) self.state = remember(self.state);
    if (self.state.turns === TELLS) self.tell(self.admin, "counted", null);
  },
});

/** Tells what a mailbox holds, or until it is refused, and then again in its next turn. */
const sender = agent("sender", {
  state: { sent: 0 },
  on: { start: z.null(), more: z.null(), counted: z.null() },
  async turn(message, self) {
    if (message.kind === "counted") return self.finish(self.state.sent);
    const hired = self.spawn(counter, "counter");
    if (!hired.accepted) throw new Error(hired.message);
    for (let place = 0; place < A_TURN && self.state.sent < TELLS; place++) {
      const { accepted } = self.tell(hired.address, "token", next({ ...FIRST, hop: self.state.sent }));
      if (!accepted) break;
      self.state.sent += 1;
    }
    if (self.state.sent < TELLS) self.tell(self.address, "more", null);
  },
});

async function flood() {
  const runtime = await startRuntime({ store: memoryStore({ clock: systemClock }), agents: [sender, counter] });
  return inChunks(async () => {
    const run = await runtime.submit(sender, null);
    return Number(await run.result());
  });
}
