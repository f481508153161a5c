import { TroupeError } from "./fault.ts";

/** A run id; also the id of the run's root group. */
export type RunId = string;

/** `run` for a run's root group, `run/a/b` for the groups below it. */
export type GroupId = string;

/** The name of a channel: a group's id, or `run#admin` for the channel on which a run's admins talk. */
export type ChannelName = string;

declare const accepted: unique symbol;

/**
 * Where mail goes: `name@group`. A plain string at run time, so it can be stored and sent;
 * the type parameter carries the message kinds its agent receives.
 */
export type Address<Kinds = unknown> = string & { readonly [accepted]: Kinds };

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const GROUP = /^[A-Za-z0-9._-]{1,64}(?:\/[A-Za-z0-9._-]{1,64})*$/;
const ADMIN_SUFFIX = "#admin";

/** The sender of what comes from outside: a submission, a replayed dead letter. It cannot be written to. */
export const OUTSIDE = "outside";

/** True for what an actor or a group may be named. */
export function isName(text: string): boolean {
  return NAME.test(text) && text !== OUTSIDE && text !== "__proto__";
}

export function addressOf(name: string, group: GroupId): Address {
  return `${name}@${group}` as Address;
}

/** Who sent what is stored in a channel: there members stand by name, everyone else by address. */
export function senderAddress(sender: string, channel: ChannelName): Address {
  return sender === OUTSIDE || sender.includes("@") ? (sender as Address) : addressOf(sender, channel);
}

/** Splits an address. Throws `address_invalid` for anything that is not `name@group`. */
export function parseAddress(address: string): { name: string; group: GroupId } {
  const at = address.indexOf("@");
  const name = address.slice(0, at);
  const group = address.slice(at + 1);
  if (at < 1 || !NAME.test(name) || !GROUP.test(group))
    throw new TroupeError("address_invalid", JSON.stringify(address));
  return { name, group };
}

/** The run that a channel belongs to. */
export function runOf(channel: ChannelName): RunId {
  const end = channel.search(/[/#]/);
  return end === -1 ? channel : channel.slice(0, end);
}

export function adminChannelOf(run: RunId): ChannelName {
  return run + ADMIN_SUFFIX;
}

export function isAdminChannel(channel: ChannelName): boolean {
  return channel.endsWith(ADMIN_SUFFIX);
}

/**
 * The shard of a channel: FNV-1a over its name, so that every process agrees without asking.
 * A run's root group and its admin channel share a shard.
 */
export function shardOf(channel: ChannelName, shards: number): number {
  const name = isAdminChannel(channel) ? runOf(channel) : channel;
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % shards;
}
