import { addressOf, agent, type Definition, request, type Self } from "@troupe/core";
import { z } from "zod";
import type { Witness } from "../witness.ts";
import { diceOf } from "./dice.ts";
import { ANSWER, emptyMemory, type Memory, stamped, Talk } from "./talk.ts";

export const HAND = {
  /** `hands` is how many its chief has hired. */
  job: stamped({ n: z.number(), hands: z.number() }),
  grow: stamped({ n: z.number() }),
  chat: stamped({ ttl: z.number() }),
  rally: stamped({}),
  poison: stamped({}),
  help: request(stamped({}), ANSWER),
};

interface HandState extends Memory {
  hands: number;
}

type Hand = Self<typeof HAND, HandState>;

/** More than a mailbox holds. */
const FLOOD = 100;
export const POISON = "this message is poison";

/** Does jobs, with effects in the world outside, and chats with the other hands of its group meanwhile. */
export function handAgent(witness: Witness, chief: Definition) {
  return agent("hand", {
    state: (): HandState => ({ ...emptyMemory(), hands: 1 }),
    on: HAND,
    retry: { attempts: 2, baseMs: 30, maxMs: 100 },
    async turn(message, self) {
      if (message.kind === "poison") throw new Error(POISON);
      const talk = new Talk(self, message);
      talk.hear(message.body);
      const salt = Number(message.id.replace(":", ""));
      switch (message.kind) {
        case "job":
          self.state.hands = message.body.hands;
          return work(message.body.n, self, talk, witness);
        case "grow":
          return grow(message.body.n, self, talk, chief);
        case "chat":
          if (message.body.ttl > 0) talk.tell(peerOf(self, salt), "chat", { ttl: message.body.ttl - 1 });
          return;
        case "rally":
          return void talk.tell(peerOf(self, salt), "chat", { ttl: 0 });
        case "help":
          return void self.reply(message, message.body.stamp);
      }
    },
  });
}

async function work(n: number, self: Hand, talk: Talk, witness: Witness): Promise<void> {
  const dice = diceOf(self.address, n);
  const peer = (place: number) => peerOf(self, n * 8 + place);
  const ms = dice.between(50, 350);
  const proof = await self.step("first", ({ idempotencyKey }) => witness.see(idempotencyKey, ms));
  if (dice.chance(0.5)) await self.step("second", ({ idempotencyKey }) => witness.see(idempotencyKey, 5, proof));
  talk.tell(peer(0), "chat", { ttl: dice.between(0, 4) });
  if (dice.chance(0.5)) talk.tell(peer(1), "chat", { ttl: 2 });
  if (dice.chance(0.15)) await talk.ask(peer(2), "help");
  if (dice.chance(0.1)) await talk.ask(self.admin, "advice", dice.chance(0.1) ? dice.between(0, 50) : undefined);
  if (dice.chance(0.1)) await self.sleep(dice.between(20, 200));
  if (dice.chance(0.02)) talk.tell(peer(3), "poison");
  if (dice.chance(0.005)) for (let time = 0; time < FLOOD; time++) talk.tell(peer(4), "chat", { ttl: 0 });
  if (dice.chance(0.05)) talk.tell(self.address, "grow", { n });
  if (dice.chance(0.05)) talk.say("rally");
  talk.tell(self.admin, "done", { n });
}

/** Tries to have another hand, and a group below: refused sooner or later. */
function grow(n: number, self: Hand, talk: Talk, chief: Definition): void {
  const helper = self.spawn({ name: "hand", on: HAND }, `helper${n}-of-${self.name}`);
  if (helper.accepted) talk.tell(helper.address, "chat", { ttl: 1 });
  else talk.noteRefusal(helper.reason);
  if (n % 4 !== 0) return;
  const group = self.spawnGroup(chief, `below-${self.name}`);
  if (!group.accepted) talk.noteRefusal(group.reason);
  else if (!group.existed) talk.tell(group.address, "begin", { hands: 1, circles: [], jobs: 2 });
}

/** One of the hands that the group's chief has hired; itself, where there is no other. */
function peerOf(self: Hand, salt: number): string {
  const { hands } = self.state;
  return addressOf(`hand${diceOf(self.address, salt).between(0, Math.max(0, hands - 1))}`, self.group);
}
