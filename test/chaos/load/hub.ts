import { addressOf, agent, type Message, request, type Self } from "@troupe/core";
import { z } from "zod";
import type { Stamp } from "../../history/stamps.ts";
import { CHIEF } from "./chief.ts";
import { ANSWER, emptyMemory, type Memory, stamped, Talk } from "./talk.ts";

// The root group: a hub that begins and ends the work, a door to the world outside, and a keeper who waits at the door
// for as long as the run is open: one turn that is parked through everything.

/** A day of work. It ends when somebody outside closes the door. */
const DAY = z.object({ circles: z.number(), hands: z.number(), finishes: z.boolean() });
export type Day = z.infer<typeof DAY>;

export const HUB = { start: DAY, knocked: stamped({}), close: stamped({}), news: stamped({}) };
export const DOOR = { hold: request(stamped({}), ANSWER), knock: stamped({}), close: stamped({}) };
export const KEEPER = { hold: stamped({}) };

interface HubState extends Memory {
  chiefs: string[];
  finishes: boolean;
}

type Hub = Self<typeof HUB, HubState>;

const FOR_EVER_MS = 24 * 3_600_000;
const JOBS = 1_000_000;

export const hub = agent("hub", {
  state: (): HubState => ({ ...emptyMemory(), chiefs: [], finishes: false }),
  on: HUB,
  turn(message, self) {
    const talk = new Talk(self, message);
    if (message.kind === "start") return start(message.body, self, talk);
    talk.hear(message.body);
    const { chiefs, finishes } = self.state;
    if (message.kind === "knocked") {
      const chief = chiefs[message.body.stamp.seq % Math.max(1, chiefs.length)];
      if (chief !== undefined) talk.tell(chief, "gossip");
    }
    if (message.kind !== "close") return;
    if (finishes) return self.finish(chiefs.length);
    for (const chief of chiefs) talk.tell(chief, "stop");
  },
});

function start({ circles, hands, finishes }: Day, self: Hub, talk: Talk): void {
  self.state.finishes = finishes;
  self.spawn({ name: "door", on: DOOR }, "door");
  const keeper = self.spawn({ name: "keeper", on: KEEPER }, "keeper");
  if (keeper.accepted) talk.tell(keeper.address, "hold");
  for (let place = 0; place < circles; place++) {
    const circle = self.spawnGroup({ name: "chief", on: CHIEF }, `circle${place}`);
    if (circle.accepted) self.state.chiefs.push(circle.address);
    else talk.noteRefusal(circle.reason);
  }
  const { chiefs } = self.state;
  for (const chief of chiefs)
    talk.tell(chief, "begin", { hands, circles: chiefs.filter((other) => other !== chief), jobs: JOBS });
}

interface DoorState extends Memory {
  closed: boolean;
  /** Of whoever waits for the door to be closed. */
  question: Message | undefined;
}

type Door = Self<typeof DOOR, DoorState>;

export const door = agent("door", {
  state: (): DoorState => ({ ...emptyMemory(), closed: false, question: undefined }),
  on: DOOR,
  turn(message, self) {
    const talk = new Talk(self, message);
    talk.hear(message.body);
    switch (message.kind) {
      case "hold":
        self.state.question = message;
        return answer(self);
      case "knock":
        return void talk.tell(self.admin, "knocked");
      case "close":
        self.state.closed = true;
        talk.tell(self.admin, "close");
        return answer(self);
    }
  },
});

/** Lets the keeper go once the door is closed. */
function answer(self: Door): void {
  const { question, closed } = self.state;
  if (question === undefined || !closed) return;
  const { stamp } = question.body as { stamp: Stamp };
  self.reply(question, stamp);
  self.state.question = undefined;
}

export const keeper = agent("keeper", {
  state: emptyMemory,
  on: KEEPER,
  async turn(message, self) {
    const talk = new Talk(self, message);
    talk.hear(message.body);
    await talk.ask(addressOf("door", self.group), "hold", FOR_EVER_MS);
  },
});
