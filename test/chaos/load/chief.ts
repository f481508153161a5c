import { addressOf, agent, request, type Self } from "@troupe/core";
import { z } from "zod";
import { diceOf } from "./dice.ts";
import { HAND } from "./hand.ts";
import { ANSWER, emptyMemory, type Memory, stamped, Talk } from "./talk.ts";

export const CHIEF = {
  /** `circles` are the chiefs of the other groups; `jobs` how many each hand gets, unless the day ends before. */
  begin: stamped({ hands: z.number(), circles: z.array(z.string()), jobs: z.number() }),
  done: stamped({ n: z.number() }),
  gossip: stamped({}),
  news: stamped({}),
  stop: stamped({}),
  advice: request(stamped({}), ANSWER),
};

interface ChiefState extends Memory {
  hands: number;
  circles: string[];
  jobs: number;
  done: number;
  stopped: boolean;
  /** Hands without a job, by what the next one is. */
  idle: Record<string, number>;
}

type Chief = Self<typeof CHIEF, ChiefState>;

const state = (): ChiefState => ({
  ...emptyMemory(),
  hands: 0,
  circles: [],
  jobs: 0,
  done: 0,
  stopped: false,
  idle: {},
});

/** The admin of a group: gives its hands one job after the other, and talks with the other admins. */
export const chief = agent("chief", {
  state,
  on: CHIEF,
  turn(message, self) {
    const talk = new Talk(self, message);
    talk.hear(message.body);
    switch (message.kind) {
      case "begin":
        return begin(message.body, self, talk);
      case "done":
        return next(message.from, message.body.n, self, talk);
      case "stop":
        self.state.stopped = true;
        return;
      case "advice":
        return void self.reply(message, message.body.stamp);
      case "gossip":
      case "news":
    }
  },
});

interface Plan {
  readonly hands: number;
  readonly circles: string[];
  readonly jobs: number;
}

function begin({ hands, circles, jobs }: Plan, self: Chief, talk: Talk): void {
  self.state.circles = circles;
  self.state.jobs = jobs;
  for (let place = 0; place < hands; place++) {
    const hired = self.spawn({ name: "hand", on: HAND }, `hand${place}`);
    if (!hired.accepted) talk.noteRefusal(hired.reason);
    else self.state.idle[addressOf(`hand${place}`, self.group)] = 1;
  }
  self.state.hands = Object.keys(self.state.idle).length;
  handOut(self, talk);
}

function next(hand: string, n: number, self: Chief, talk: Talk): void {
  const { state } = self;
  state.done += 1;
  state.idle[hand] = n + 1;
  handOut(self, talk);
  const dice = diceOf(self.address, state.done);
  const other = state.circles[dice.between(0, state.circles.length - 1)];
  if (other !== undefined && dice.chance(0.3)) talk.tell(other, "gossip");
  if (dice.chance(0.02)) talk.announce("news");
}

/** A hand whose mailbox is full gets its job with the next occasion. */
function handOut(self: Chief, talk: Talk): void {
  const { idle, hands, jobs, stopped } = self.state;
  if (stopped) return;
  for (const [hand, n] of Object.entries(idle)) {
    if (n <= jobs && talk.tell(hand, "job", { n, hands }).accepted) delete idle[hand];
  }
}
