import type { Actor, Group } from "../actor/actor.ts";
import { type Address, addressOf, adminChannelOf, type ChannelName, OUTSIDE, parseAddress, runOf } from "../address.ts";
import { isFault } from "../fault.ts";
import { type Refusal, refuse } from "../refusal.ts";

/** Where mail for an address goes: straight into the group's own log, or into the inbox of another channel. */
export type Route =
  | { readonly via: "group"; readonly name: string }
  | { readonly via: "inbox"; readonly channel: ChannelName; readonly recipient: string };

/** Who writes, as far as routing has to know. */
export interface Sender {
  readonly actor: Actor;
  /** Name of the admin of a group that this actor spawned, in the turn in hand or before; undefined for any other group. */
  adminBelow(group: ChannelName): string | undefined;
}

/**
 * The two layers. Members reach their own group; admins, besides, every admin of the run over the admin channel;
 * and whoever spawned a group can always talk with its admin. Everything else is refused with the name of whom to ask.
 */
export function routeTo(to: string, sender: Sender): Route | Refusal {
  const { actor } = sender;
  const { group } = actor;
  if (to === OUTSIDE)
    return refuse("out_of_reach", "nobody outside can be written to; finish the run with a result instead");
  const own = ownMember(to, group);
  if (own !== undefined) return { via: "group", name: own };
  const target = tryParse(to);
  if (target === undefined)
    return refuse("actor_unknown", `${JSON.stringify(to)} is not an address; write name@${group.id}`);
  if (runOf(target.group) !== group.run.id) return refuse("out_of_reach", `${to} belongs to another run`);
  const below = sender.adminBelow(target.group);
  if (below !== undefined && below !== target.name) {
    const askInstead = addressOf(below, target.group);
    return refuse("out_of_reach", `of ${target.group} only the admin is reached; ask ${askInstead}`, { askInstead });
  }
  if (actor.isAdmin ? to === group.spawner : below !== undefined)
    return { via: "inbox", channel: target.group, recipient: target.name };
  if (actor.isAdmin) return { via: "inbox", channel: adminChannelOf(group.run.id), recipient: to };
  const askInstead = addressOf(group.admin, group.id);
  return refuse("out_of_reach", `${to} is in another group; ask ${askInstead}, the admin of this one`, { askInstead });
}

function ownMember(to: string, group: Group): string | undefined {
  const at = to.length - group.id.length - 1;
  return at > 0 && to.charCodeAt(at) === 64 && to.endsWith(group.id) ? to.slice(0, at) : undefined;
}

function tryParse(to: string): { name: string; group: Address | string } | undefined {
  try {
    return parseAddress(to);
  } catch (error) {
    if (isFault(error, "address_invalid")) return undefined;
    throw error;
  }
}
