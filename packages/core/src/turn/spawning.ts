import { adminOfChild } from "../actor/actor.ts";
import { InMailbox } from "../actor/in-mailbox.ts";
import { addressOf, type ChannelName, isName, shardOf } from "../address.ts";
import type { Agent } from "../agent.ts";
import { encode } from "../codec.ts";
import { TroupeError } from "../fault.ts";
import type { Kinds } from "../kinds.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { Spawned } from "../self.ts";
import { spawnVerdict } from "../supervisor/spawn-verdict.ts";
import type { Op } from "./out-mailbox.ts";
import type { TurnContext } from "./turn-context.ts";

// The verbs that make actors and groups. The same name again is the same actor, over turns, retries and crashes.

export function spawn(turn: TurnContext, definition: string, name: string): Spawned<Kinds> {
  const op = { verb: "spawn", what: definition, which: name };
  return (
    (turn.out.past(op) as Spawned<Kinds> | undefined) ??
    done(turn, op, spawnMember(turn, agentOf(turn, definition), name))
  );
}

export function spawnGroup(turn: TurnContext, definition: string, name: string): Spawned<Kinds> {
  const op = { verb: "spawnGroup", what: definition, which: name };
  return (
    (turn.out.past(op) as Spawned<Kinds> | undefined) ??
    done(turn, op, spawnChildGroup(turn, agentOf(turn, definition), name))
  );
}

/** Name of the admin of a group that the actor spawned, in this turn or before. */
export function adminBelow({ actor, out }: TurnContext, group: ChannelName): string | undefined {
  return adminOfChild(actor, group) ?? out.groups.find((spawned) => spawned.id === group)?.agent.name;
}

function done(turn: TurnContext, op: Op, spawned: Spawned<Kinds>): Spawned<Kinds> {
  if (!spawned.accepted) turn.host.noteRefusal(turn.actor, spawned);
  turn.out.did(op, spawned);
  return spawned;
}

function agentOf(turn: TurnContext, name: string): Agent {
  const agent = turn.host.registry.find(name);
  if (agent === undefined) throw new TroupeError("agent_unknown", name);
  return agent;
}

function spawnMember(turn: TurnContext, agent: Agent, name: string): Spawned<Kinds> {
  const { actor, out } = turn;
  const { group } = actor;
  if (!isName(name)) return refuse("name_invalid", JSON.stringify(name));
  const known = group.members.get(name)?.definition ?? out.members.find((member) => member.name === name)?.agent.name;
  if (known !== undefined) return existing(known, agent, name, group.id);
  const refused =
    verdict(turn, "actor", group.members.size + group.reservedMembers) ?? overRun(turn, group.run.reserveActor());
  if (refused !== undefined) return refused;
  group.reservedMembers += 1;
  turn.acted = true;
  out.addMember({ name, agent, spawner: actor.address, state: initialState(turn, agent), mailbox: new InMailbox() });
  return { accepted: true, address: addressOf(name, group.id) as never, existed: false };
}

function spawnChildGroup(turn: TurnContext, agent: Agent, name: string): Spawned<Kinds> {
  const { actor, out, host } = turn;
  const { group } = actor;
  if (!isName(name)) return refuse("name_invalid", JSON.stringify(name));
  const id = `${group.id}/${name}`;
  const known = group.childGroups.get(name) ?? out.groups.find((spawned) => spawned.id === id)?.agent.name;
  if (known !== undefined) return existing(known, agent, agent.name, id);
  const refused = verdict(turn, "group", 0) ?? overRun(turn, group.run.reserveGroup());
  if (refused !== undefined) return refused;
  turn.acted = true;
  out.addGroup({
    id,
    name,
    shard: shardOf(id, host.store.shards),
    depth: group.depth + 1,
    agent,
    spawnedBy: actor.address,
    spawner: actor.isAdmin ? null : actor.address,
    state: initialState(turn, agent),
  });
  return { accepted: true, address: addressOf(agent.name, id) as never, existed: false };
}

function existing(known: string, agent: Agent, name: string, group: ChannelName): Spawned<Kinds> {
  if (known !== agent.name) return refuse("name_taken", `${name} in ${group} is a ${known}, not a ${agent.name}`);
  return { accepted: true, address: addressOf(name, group) as never, existed: true };
}

function verdict({ actor, out }: TurnContext, what: "actor" | "group", members: number): Refusal | undefined {
  const children = actor.progress.children + out.members.length + out.groups.length;
  return spawnVerdict({
    what,
    by: actor.name,
    children,
    members,
    depth: actor.group.depth,
    limits: actor.group.run.limits,
  });
}

function overRun({ actor }: TurnContext, reason: "limit_actors" | "limit_groups" | undefined): Refusal | undefined {
  if (reason === undefined) return undefined;
  const { limits, spent } = actor.group.run;
  const used =
    reason === "limit_actors"
      ? `${spent.actorsLiving} alive of ${limits.actors}, ${spent.actors} ever of ${limits.actorsEver}`
      : `${spent.groups} of ${limits.groups}`;
  return refuse(reason, used);
}

function initialState({ host }: TurnContext, agent: Agent): Uint8Array {
  const state = encode(agent.initial());
  const { stateBytes } = host.settings;
  if (state.length > stateBytes)
    throw new TroupeError(
      "state_too_large",
      `the initial state of ${agent.name} has ${state.length} bytes; at most ${stateBytes}`,
    );
  return state;
}
