import { type Agent, addressOf, agent } from "@troupe/core";
import { z } from "zod";

/** Members of a group, as many as the default limit allows. */
const GROUP = 64;
const KINDS = { start: z.number(), fill: z.number(), release: z.number(), begin: z.null(), call: z.null() };
const NAME = "caller";

export interface CallersHost {
  /** Resolves when the calls may begin. */
  readonly go: Promise<void>;
  call(): Promise<string>;
}

export function groupsFor(calls: number): number {
  return Math.ceil(calls / GROUP);
}

/** Agents that make one call to a model each, as a step of a turn. The root hires so many of them, in groups, and starts them all at once. */
export function callers({ go, call }: CallersHost): Agent<typeof KINDS> {
  const definition = { name: NAME, on: KINDS };
  return agent(NAME, {
    state: { heard: 0 },
    on: KINDS,
    async turn(message, self) {
      switch (message.kind) {
        case "start":
          for (let place = 0; place < groupsFor(message.body); place++) {
            const group = self.spawnGroup(definition, `g${place}`);
            if (!group.accepted) throw new Error(group.message);
            self.tell(group.address, "fill", Math.min(message.body - place * GROUP, GROUP));
          }
          self.tell(self.address, "release", groupsFor(message.body));
          return;
        case "fill":
          for (let place = 1; place < message.body; place++) self.spawn(definition, `m${place}`);
          return;
        case "release":
          await go;
          for (let place = 0; place < message.body; place++)
            self.tell(addressOf(NAME, `${self.group}/g${place}`), "begin", null);
          return;
        case "begin":
          self.say("call", null);
          self.tell(self.address, "call", null);
          return;
        case "call": {
          const answer = await self.step("call", () => call());
          self.state.heard += answer.length;
        }
      }
    },
  }) as Agent<typeof KINDS>;
}
