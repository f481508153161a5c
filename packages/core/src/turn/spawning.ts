import { addressOf, type ChannelName, isName, shardOf } from "../address.ts";
import type { Agent } from "../agent.ts";
import { encode } from "../codec.ts";
import { TroupeError } from "../fault.ts";
import type { Kinds } from "../kinds.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { Spawned } from "../self.ts";
import { spawnVerdict } from "../supervisor/spawn-verdict.ts";
import type { TurnContext } from "./turn-context.ts";

/** The verbs that make actors and groups. The same name again is the same actor, over turns, retries and crashes. */
export class Spawning {
  readonly #turn: TurnContext;

  constructor(turn: TurnContext) {
    this.#turn = turn;
  }

  spawn<C extends Kinds>(definition: string, name: string): Spawned<C> {
    return this.#turn.out.once(`spawn ${definition} ${name}`, () => this.#noted(this.#member<C>(this.#agent(definition), name)));
  }

  spawnGroup<C extends Kinds>(definition: string, name: string): Spawned<C> {
    return this.#turn.out.once(`spawnGroup ${definition} ${name}`, () => this.#noted(this.#group<C>(this.#agent(definition), name)));
  }

  /** True for a group that this actor spawned, in this turn or before. */
  owns(group: ChannelName): boolean {
    const { actor, out } = this.#turn;
    const parent = `${actor.group.id}/`;
    if (!group.startsWith(parent)) return false;
    return Object.hasOwn(actor.progress.groups, group.slice(parent.length)) || out.groups.some((spawned) => spawned.id === group);
  }

  #agent(name: string): Agent {
    const agent = this.#turn.host.registry.find(name);
    if (agent === undefined) throw new TroupeError("agent_unknown", name);
    return agent;
  }

  #noted<C extends Kinds>(spawned: Spawned<C>): Spawned<C> {
    if (!spawned.accepted) this.#turn.host.noteRefusal(this.#turn.actor, spawned);
    return spawned;
  }

  #member<C extends Kinds>(agent: Agent, name: string): Spawned<C> {
    const { actor, out, host } = this.#turn;
    const { group } = actor;
    if (!isName(name)) return refuse("name_invalid", JSON.stringify(name));
    const known = group.members.get(name)?.definition ?? out.members.find((member) => member.name === name)?.agent.name;
    if (known !== undefined) return this.#existing(known, agent, name, group.id);
    const members = group.members.size + group.reservedMembers;
    const refused = this.#verdict("actor", members) ?? this.#reserved(group.run.reserveActor());
    if (refused !== undefined) return refused;
    group.reservedMembers += 1;
    this.#turn.acted = true;
    out.addMember({ name, agent, spawner: actor.address, state: this.#initial(agent, host.settings.stateBytes) });
    return { accepted: true, address: addressOf(name, group.id) as never, existed: false };
  }

  #group<C extends Kinds>(agent: Agent, name: string): Spawned<C> {
    const { actor, out, host } = this.#turn;
    const { group } = actor;
    if (!isName(name)) return refuse("name_invalid", JSON.stringify(name));
    const id = `${group.id}/${name}`;
    const known = group.childGroups.get(name) ?? out.groups.find((spawned) => spawned.id === id)?.agent.name;
    if (known !== undefined) return this.#existing(known, agent, agent.name, id);
    const refused = this.#verdict("group", 0) ?? this.#reserved(group.run.reserveGroup());
    if (refused !== undefined) return refused;
    this.#turn.acted = true;
    out.addGroup({
      id,
      name,
      shard: shardOf(id, host.store.shards),
      depth: group.depth + 1,
      agent,
      spawnedBy: actor.address,
      spawner: actor.isAdmin ? null : actor.address,
      state: this.#initial(agent, host.settings.stateBytes),
    });
    return { accepted: true, address: addressOf(agent.name, id) as never, existed: false };
  }

  #existing<C extends Kinds>(known: string, agent: Agent, name: string, group: ChannelName): Spawned<C> {
    if (known !== agent.name) return refuse("name_taken", `${name} in ${group} is a ${known}, not a ${agent.name}`);
    return { accepted: true, address: addressOf(name, group) as never, existed: true };
  }

  #verdict(what: "actor" | "group", members: number): Refusal | undefined {
    const { actor, out } = this.#turn;
    const children = actor.progress.children + out.members.length + out.groups.length;
    return spawnVerdict({ what, by: actor.name, children, members, depth: actor.group.depth, limits: actor.group.run.limits });
  }

  #reserved(reason: "limit_actors" | "limit_groups" | undefined): Refusal | undefined {
    if (reason === undefined) return undefined;
    const { limits, spent } = this.#turn.actor.group.run;
    return refuse(reason, reason === "limit_actors" ? `${spent.actorsLiving} alive of ${limits.actors}, ${spent.actors} ever of ${limits.actorsEver}` : `${spent.groups} of ${limits.groups}`);
  }

  #initial(agent: Agent, maxBytes: number): Uint8Array {
    const state = encode(agent.initial());
    if (state.length > maxBytes) throw new TroupeError("state_too_large", `the initial state of ${agent.name} has ${state.length} bytes; at most ${maxBytes}`);
    return state;
  }
}
