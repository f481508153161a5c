import {
  type Address,
  type Agent,
  addressOf,
  agent,
  type Clock,
  FAILURE,
  type FailurePolicy,
  failure,
  type Message,
  request,
  type Self,
} from "@troupe/core";
import { z } from "zod";
import { countHeard, countSent, EVERYONE, emptyTally, type Stamp, type Tally } from "../history/stamps.ts";
import { type Dice, diceOf } from "./dice.ts";

/** What a message of these agents says: who it is, and how many generations may follow it. */
export interface Line {
  readonly stamp: Stamp | undefined;
  readonly fuel: number;
  /** Sent straight back so many times. */
  readonly bounce?: number;
}

export interface Opening {
  readonly fuel: number;
  readonly members: number;
  readonly groups: number;
}

/** What the agents of one process have of the world. */
export interface Stage {
  readonly seed: number;
  readonly clock: Clock;
  /** An effect happens. */
  witness(actor: string, key: string, seq: number): void;
  /** Something was given to an actor that was not meant for it. */
  mistaken(what: string): void;
  /** A question was answered. */
  answered(): void;
}

interface PlayState {
  tally: Tally;
}

/** The kind that no simulated store takes. */
export const POISON = "poison";

const line = z.custom<Line>(() => true);

const KINDS = {
  start: z.custom<Opening>(() => true),
  note: line,
  question: request(line, z.any()),
  [POISON]: line,
  [FAILURE]: failure,
};

type PlaySelf = Self<typeof KINDS, PlayState>;

/** Names of members, each of the agent that it begins with. */
const NAMES = ["player0", "player1", "crowd0", "brittle0", "martyr0", "phoenix0"] as const;
const GROUPS = ["g0", "g1", "g2"] as const;

/** Agents that do by dice what agents can do. An actor's dice follow from the message in hand, so a replay throws the same. */
export class Cast {
  readonly lead: Agent<typeof KINDS, PlayState>;
  readonly all: readonly Agent[];
  readonly #stage: Stage;
  readonly #chief: Agent<typeof KINDS, PlayState>;
  readonly #members: ReadonlyMap<string, Agent<typeof KINDS, PlayState>>;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.lead = this.#agent("lead", "resume");
    this.#chief = this.#agent("chief", "resume");
    const members = [
      this.#agent("player", "resume"),
      this.#agent("brittle", "stop"),
      this.#agent("martyr", "escalate"),
      this.#agent("phoenix", "restart"),
      this.#crowd(),
    ];
    this.#members = new Map(members.map((member) => [member.name, member]));
    this.all = [this.lead, this.#chief, ...members] as unknown as readonly Agent[];
  }

  #settings(onFailure: FailurePolicy) {
    return {
      state: () => ({ tally: emptyTally() }),
      on: KINDS,
      onFailure,
      // A long wait is one in which the worker may die.
      retry: { attempts: 2, baseMs: onFailure === "resume" ? 20 : 800, maxMs: 800 },
      restarts: { restarts: 1, withinMs: 60_000 },
    };
  }

  #agent(name: string, onFailure: FailurePolicy): Agent<typeof KINDS, PlayState> {
    return agent<typeof KINDS, PlayState>(name, {
      ...this.#settings(onFailure),
      turn: (message, self) => this.#turn([message], self),
    });
  }

  #crowd(): Agent<typeof KINDS, PlayState> {
    return agent<typeof KINDS, PlayState>("crowd", {
      ...this.#settings("resume"),
      batch: 3,
      turn: (messages, self) => this.#turn(messages, self),
    });
  }

  #turn(messages: readonly Message[], self: PlaySelf): void | Promise<void> {
    const part = new Part(this.#stage, this.#chief, this.#members, self, seqOf(messages[0] as Message));
    // Most turns of most agents wait for nothing: the way without a promise has to be walked as well.
    const only = messages.length === 1 ? (messages[0] as Message) : undefined;
    if (only !== undefined && part.isQuick(only)) return part.playQuickly(only);
    return part.playAll(messages);
  }
}

/** One actor's turn. */
class Part {
  readonly #stage: Stage;
  readonly #chief: Agent<typeof KINDS, PlayState>;
  readonly #members: ReadonlyMap<string, Agent<typeof KINDS, PlayState>>;
  readonly #self: PlaySelf;
  readonly #seq: number;
  #place = 0;
  #steps = 0;

  constructor(
    stage: Stage,
    chief: Agent<typeof KINDS, PlayState>,
    members: ReadonlyMap<string, Agent<typeof KINDS, PlayState>>,
    self: PlaySelf,
    seq: number,
  ) {
    this.#stage = stage;
    this.#chief = chief;
    this.#members = members;
    this.#self = self;
    this.#seq = seq;
  }

  isQuick(message: Message): boolean {
    return (
      message.kind === "note" && ((message.body as Line).fuel === 0 || (message.body as Line).bounce !== undefined)
    );
  }

  /** Says it straight back, or does nothing. */
  playQuickly(message: Message): void {
    const { stamp, fuel, bounce = 0 } = message.body as Line;
    this.#hear(stamp);
    if (bounce > 0) this.#tell(message.from, { fuel, bounce: bounce - 1 });
  }

  async playAll(messages: readonly Message[]): Promise<void> {
    for (const message of messages) await this.#play(message);
  }

  async #play(message: Message): Promise<void> {
    if (message.kind === "start") return this.#open(message.body as Opening);
    if (message.kind === FAILURE) return;
    const { stamp, fuel } = message.body as Line;
    this.#hear(stamp);
    const dice = diceOf(this.#stage.seed, this.#self.address, message.id);
    const deeds = fuel > 0 ? dice.int(1, 4) : 0;
    for (let deed = 0; deed < deeds; deed++) await this.#do(dice, fuel - 1);
    if (message.ask !== undefined && dice.chance(0.9)) this.#self.reply(message as never, { to: stamp } as never);
  }

  #open({ members, groups, fuel }: Opening): void {
    const dice = diceOf(this.#stage.seed, this.#self.address, "start");
    for (let place = 0; place < members; place++) this.#spawn(NAMES[place] as string);
    for (let place = 0; place < groups; place++) this.#spawnGroup(GROUPS[place] as string, fuel);
    for (let count = dice.int(3, 8); count > 0; count--) this.#tell(this.#someone(dice), { fuel });
  }

  async #do(dice: Dice, fuel: number): Promise<void> {
    const self = this.#self;
    const drawn = dice.int(1, 100);
    if (drawn <= 34) this.#tell(this.#someone(dice), { fuel });
    else if (drawn <= 40) this.#say({ fuel: Math.min(fuel, 1) });
    else if (drawn <= 54) await this.#ask(this.#someone(dice), { fuel });
    else if (drawn <= 66) await this.#step(dice);
    else if (drawn <= 71) await self.sleep(dice.int(0, 300));
    else if (drawn <= 78) this.#spawn(dice.pick(NAMES));
    else if (drawn <= 82) this.#spawnGroup(dice.pick(GROUPS), fuel);
    else if (drawn <= 86) this.#announce({ fuel: Math.min(fuel, 1) });
    else if (drawn <= 90) this.#fail(dice.int(1, 2));
    else if (drawn <= 92) await this.#hang();
    else if (drawn <= 95) this.#flood(this.#someone(dice), dice.int(3, 8));
    else if (drawn <= 97) this.#tell(this.#someone(dice), { fuel, bounce: 8 });
    else if (drawn <= 98) this.#poison(this.#someone(dice));
    else if (drawn <= 99 && (!self.isAdmin || dice.chance(0.2))) self.finish();
    else await self.history(5);
  }

  #someone(dice: Dice): Address {
    const self = this.#self;
    const drawn = dice.int(1, 10);
    if (drawn <= 6) return addressOf(dice.pick(NAMES), self.group);
    if (drawn === 7) return self.admin;
    if (drawn === 8) return self.spawner ?? self.admin;
    if (drawn === 9) return addressOf("lead", self.run);
    return addressOf("chief", `${self.run}/${dice.pick(GROUPS)}`);
  }

  #hear(stamp: Stamp | undefined): void {
    if (stamp !== undefined) countHeard(this.#self.state.tally, stamp);
  }

  /** An actor that may begin anew loses count: what it sends has no stamp. */
  #stamp(to: string): Stamp | undefined {
    this.#place += 1;
    if (this.#self.name.startsWith("phoenix")) return undefined;
    return { from: this.#self.address, to, seq: this.#seq, place: this.#place };
  }

  #count(stamp: Stamp | undefined, accepted: boolean): void {
    if (stamp !== undefined && accepted) countSent(this.#self.state.tally, stamp);
  }

  #tell(to: Address, words: Omit<Line, "stamp">, kind = "note"): void {
    const stamp = this.#stamp(to);
    this.#count(stamp, this.#self.tell(to as string, kind, { ...words, stamp }).accepted);
  }

  #say(words: Omit<Line, "stamp">): void {
    const stamp = this.#stamp(EVERYONE);
    this.#count(stamp, this.#self.say("note", { ...words, stamp }).accepted);
  }

  #announce(words: Omit<Line, "stamp">): void {
    if (this.#self.isAdmin) this.#self.announce("note", { ...words, stamp: undefined });
  }

  async #ask(to: Address, words: Omit<Line, "stamp">): Promise<void> {
    const stamp = this.#stamp(to);
    const answer = await this.#self.ask(to as string, "question", { ...words, stamp });
    if (answer.accepted) this.#stage.answered();
    const { to: about } = (answer.accepted ? (answer.reply as { to?: Stamp }) : undefined) ?? { to: stamp };
    if (about?.seq !== stamp?.seq || about?.place !== stamp?.place)
      this.#stage.mistaken(
        `${this.#self.address} asked ${JSON.stringify(stamp)} and was told of ${JSON.stringify(about)}`,
      );
    this.#count(stamp, answer.accepted || answer.reason === "timeout" || answer.reason === "failed");
  }

  #poison(to: Address): void {
    this.#tell(to, { fuel: 0 }, POISON);
  }

  #flood(to: Address, times: number): void {
    for (let time = 0; time < times; time++) this.#tell(to, { fuel: 0 });
  }

  async #step(dice: Dice): Promise<void> {
    const { clock, witness, mistaken } = this.#stage;
    const self = this.#self;
    const ms = dice.int(0, 40);
    this.#steps += 1;
    const name = `step${this.#steps}`;
    const made = await self.step(name, async ({ idempotencyKey }) => {
      witness(self.address, idempotencyKey, this.#seq);
      await new Promise<void>((resolve) => clock.after(ms, resolve));
      return [idempotencyKey, this.#seq] as const;
    });
    if (made[1] !== this.#seq || !made[0].endsWith(name))
      mistaken(`${self.address} ${this.#seq} ${name}: ${made.join(" ")}`);
  }

  #fail(times: number): void {
    if (this.#self.attempt <= times) throw new Error(`planned, ${times} times`);
  }

  /** Until it is stopped: its time is over long before. */
  async #hang(): Promise<void> {
    if (this.#self.attempt === 1) await new Promise(() => undefined);
  }

  #spawn(name: string): void {
    const member = this.#members.get(name.slice(0, -1));
    if (member !== undefined) this.#self.spawn(member, name);
  }

  #spawnGroup(name: string, fuel: number): void {
    const spawned = this.#self.spawnGroup(this.#chief, name);
    if (spawned.accepted && !spawned.existed) this.#tell(spawned.address as Address, { fuel });
  }
}

function seqOf(message: Message): number {
  return Number(message.id.slice(message.id.indexOf(":") + 1));
}
