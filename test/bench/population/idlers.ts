import { type Agent, addressOf, agent } from "@troupe/core";
import { z } from "zod";
import { MEMORY } from "../turns/rings.ts";

/** Groups that the root spawns in one turn. */
const AT_ONCE = 50;
export const DAY_MS = 24 * 3_600_000;

const KINDS = { start: z.number(), more: z.number(), fill: z.null(), hello: z.null() };
const NAME = "idler";

/** The kind that an idler does something about, and what has to be in such a message. */
export const HELLO = { kind: "hello", body: null, from: NAME, to: "m1" } as const;

/**
 * Agents of which a root spawns groups of so many members. Each takes one turn, `onHello`, and then waits for mail that
 * does not come; the root sleeps, since a run at rest would be over.
 */
export function idlers(members: number, onHello: () => void | Promise<void>): Agent<typeof KINDS> {
  const definition = { name: NAME, on: KINDS };
  return agent(NAME, {
    state: { greeted: 0, memory: MEMORY },
    on: KINDS,
    async turn(message, self) {
      if (message.kind === "fill") {
        for (let place = 1; place < members; place++) {
          self.spawn(definition, `m${place}`);
          self.tell(addressOf(`m${place}`, self.group), HELLO.kind, HELLO.body);
        }
      }
      if (message.kind === "fill" || message.kind === HELLO.kind) {
        self.state.greeted += 1;
        return onHello();
      }
      for (let place = 0; place < AT_ONCE && place < message.body; place++) {
        const group = self.spawnGroup(definition, `g${message.body - place}`);
        if (!group.accepted) throw new Error(group.message);
        self.tell(group.address, "fill", null);
      }
      if (message.body > AT_ONCE) self.tell(self.address, "more", message.body - AT_ONCE);
      else await self.sleep(DAY_MS);
    },
  }) as Agent<typeof KINDS>;
}
