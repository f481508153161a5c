import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { type Address, agent } from "@troupe/core";
import { z } from "zod";
import type { Sighting } from "./witness.ts";

// A run that counts: every hand of every crew gets numbered jobs, one after the other. Whatever is lost, doubled or out
// of order shows: in the numbers that the actors compare, in the file that the steps write, and in the tables.

/** How much is to be done: this many jobs for each hand of each group. */
export interface Work {
  readonly groups: number;
  readonly hands: number;
  readonly jobs: number;
}

/** What a run ends with. */
export interface Tally {
  readonly handled: number;
  readonly errors: readonly string[];
}

export interface CountAgentsOptions {
  /** A file to which every step appends a line before it ends. */
  readonly witness: string;
  /** How long each step takes after it has written its line. */
  readonly pauseMs: number;
}

const work = z.object({ groups: z.number(), hands: z.number(), jobs: z.number() });
const tally = z.object({ handled: z.number(), errors: z.array(z.string()) });

const LEAD = { start: work, tally };
const CREW = { begin: work, done: z.object({ hand: z.string(), n: z.number(), count: z.number() }) };
const HAND = { job: z.object({ n: z.number() }) };

type LeadAddress = Address<typeof LEAD>;
type CrewAddress = Address<typeof CREW>;
type HandAddress = Address<typeof HAND>;

/** The root and every agent that it needs, in this order. */
export function countAgents({ witness, pauseMs }: CountAgentsOptions) {
  const write = async (sighting: Omit<Sighting, "pid">) => {
    const line: Sighting = { ...sighting, pid: process.pid };
    appendFileSync(witness, `${JSON.stringify(line)}\n`);
    await wait(pauseMs);
  };

  const hand = agent("hand", {
    state: { count: 0 },
    on: HAND,
    async turn({ from, body: { n } }, self) {
      const proof = await self.step("first", async ({ idempotencyKey }) => {
        const made = `${idempotencyKey}/${Math.random()}`;
        await write({ actor: self.address, n, step: "first", proof: made });
        return made;
      });
      await self.step("second", () => write({ actor: self.address, n, step: "second", proof }));
      self.state.count += 1;
      self.tell(from as CrewAddress, "done", { hand: self.address, n, count: self.state.count });
    },
  });

  const crew = agent("crew", {
    state: () => ({ jobs: 0, busy: 0, handled: 0, last: {} as Record<string, number>, errors: [] as string[] }),
    on: CREW,
    turn(message, self) {
      if (message.kind === "begin") {
        const { jobs, hands } = message.body;
        self.state.jobs = jobs;
        self.state.busy = hands;
        for (let place = 0; place < hands; place++) {
          const spawned = self.spawn(hand, `hand${place}`);
          if (spawned.accepted) self.tell(spawned.address, "job", { n: 1 });
          else self.state.errors.push(spawned.message);
        }
        return;
      }
      const { n, count } = message.body;
      const before = self.state.last[message.body.hand] ?? 0;
      if (n !== before + 1 || n !== count)
        self.state.errors.push(`${message.body.hand}: job ${n} after ${before}, ${count} counted`);
      self.state.last[message.body.hand] = n;
      self.state.handled += 1;
      if (n < self.state.jobs) self.tell(message.body.hand as HandAddress, "job", { n: n + 1 });
      else self.state.busy -= 1;
      const { busy, handled, errors } = self.state;
      if (busy === 0) self.tell(self.spawner as LeadAddress, "tally", { handled, errors });
    },
  });

  const lead = agent("lead", {
    state: () => ({ busy: 0, handled: 0, errors: [] as string[] }),
    on: LEAD,
    result: tally,
    turn(message, self) {
      if (message.kind === "start") {
        self.state.busy = message.body.groups;
        for (let place = 0; place < message.body.groups; place++) {
          const spawned = self.spawnGroup(crew, `crew${place}`);
          if (spawned.accepted) self.tell(spawned.address, "begin", message.body);
          else self.state.errors.push(spawned.message);
        }
        return;
      }
      self.state.busy -= 1;
      self.state.handled += message.body.handled;
      self.state.errors.push(...message.body.errors);
      const { handled, errors } = self.state;
      if (self.state.busy === 0) self.finish({ handled, errors });
    },
  });

  return [lead, crew, hand] as const;
}

/** What the run ends with if all goes well. */
export function tallyOf({ groups, hands, jobs }: Work): Tally {
  return { handled: groups * hands * jobs, errors: [] };
}
