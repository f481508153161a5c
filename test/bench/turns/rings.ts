import { type Address, addressOf, agent, DEFAULT_LIMITS, type Limits, type Self } from "@troupe/core";
import { z } from "zod";
import type { Gate } from "./gate.ts";

/** Members of a group, as many as the default limit allows. */
export const GROUP = 64;
/** In a ring of two the same pair would bounce a bare message, which the runtime ends after a bound. */
const SHORTEST = 3;

/** Rings that are made in one turn. */
const AT_ONCE = 400;

/** About 200 bytes as msgpack, with the fields around it. */
export const MEMORY = "m".repeat(160);
export const TEXT = "t".repeat(170);

export interface PasserState {
  turns: number;
  next: string;
  memory: string;
}

export interface RingPlan {
  readonly members: number;
  readonly tokens: number;
}

/** Rings in which `active` tokens go round: one ring a group, and in each as many tokens as members, save in tiny ones. */
export function planRings(active: number): readonly RingPlan[] {
  const rings: RingPlan[] = [];
  for (let left = active; left > 0; left -= GROUP) {
    const tokens = Math.min(left, GROUP);
    rings.push({ members: Math.max(tokens, SHORTEST), tokens });
  }
  return rings;
}

export function tokensIn(rings: readonly RingPlan[]): number {
  return rings.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** The limits of a run that has these rings, however many and large, and in which two may pass a token between them for ever. */
export function limitsFor(rings: readonly RingPlan[]): Partial<Limits> {
  const members = Math.max(DEFAULT_LIMITS.members, ...rings.map((ring) => ring.members));
  return {
    members,
    children: Math.max(members, rings.length),
    groups: Math.max(DEFAULT_LIMITS.groups, rings.length + 1),
    bounces: Number.MAX_SAFE_INTEGER,
  };
}

/** The name of a ring's member; the first one is the group's admin, named after its agent. */
export function memberName(place: number): string {
  return place === 0 ? "passer" : `m${place}`;
}

const plan = z.object({ members: z.number(), tokens: z.number() });
const KINDS = {
  start: z.array(plan),
  more: z.array(plan),
  lead: plan,
  join: z.object({ next: z.string(), holds: z.boolean() }),
  token: z.object({ hop: z.number(), text: z.string() }),
};

type Passer = Self<typeof KINDS, PasserState>;

/** The agent of every actor here: it writes its state and passes on what it gets. The gate can hold all of them. */
export function passer(gate: Gate) {
  const pass = (hop: number, self: Passer) => {
    gate.passed();
    self.state.turns += 1;
    self.tell(self.state.next as Address<typeof KINDS>, "token", { hop: hop + 1, text: TEXT });
  };

  const lead = ({ members, tokens }: RingPlan, self: Passer) => {
    const addresses = Array.from({ length: members }, (_, place) => {
      const name = memberName(place);
      if (place > 0) self.spawn({ name: "passer", on: KINDS }, name);
      return addressOf(name, self.group) as Address<typeof KINDS>;
    });
    for (const [place, address] of addresses.entries()) {
      const next = addresses[(place + 1) % members] ?? address;
      self.tell(address, "join", { next, holds: place < tokens });
    }
  };

  const make = (rings: readonly RingPlan[], self: Passer) => {
    for (const [place, ring] of rings.slice(0, AT_ONCE).entries()) {
      const group = self.spawnGroup({ name: "passer", on: KINDS }, `ring${rings.length - place}`);
      if (!group.accepted) throw new Error(group.message);
      self.tell(group.address, "lead", ring);
    }
    if (rings.length > AT_ONCE) self.tell(self.address as Address<typeof KINDS>, "more", rings.slice(AT_ONCE));
  };

  return agent("passer", {
    state: (): PasserState => ({ turns: 0, next: "", memory: MEMORY }),
    on: KINDS,
    turn(message, self) {
      switch (message.kind) {
        case "start":
        case "more":
          return make(message.body, self);
        case "lead":
          return lead(message.body, self);
        case "join":
          self.state.next = message.body.next;
          if (!message.body.holds) return;
          return gate.enter(() => pass(0, self));
        case "token":
          return gate.enter(() => pass(message.body.hop, self));
      }
    },
  });
}
