import { adminChannelOf, type RunId, type Store, WAKE_ON_MAIL } from "@troupe/core";

const ALL = 10_000;

/** Everything that can be read of these runs, as plain values to compare. */
export async function photograph(store: Store, runs: readonly RunId[]) {
  const shards = Array.from({ length: store.shards }, (_, shard) => shard);
  const groups = (await Promise.all(runs.map((run) => store.groupsOf(run)))).flat();
  const names = [...groups, ...runs.map(adminChannelOf)].sort();
  const channels = await store.loadChannels(names);
  const histories = await Promise.all(names.map((name) => store.history(name, ALL)));
  const states = await Promise.all(
    channels.flatMap((channel) => channel.members.map(({ name }) => store.loadState(channel.key, name))),
  );
  const due = await store.due(shards, WAKE_ON_MAIL, ALL);
  return plain({
    names,
    channels: [...channels].sort(by("name")).map((channel) => ({
      ...channel,
      members: [...channel.members].sort(by("name")),
      steps: [...channel.steps].sort(by("key")),
    })),
    histories,
    states: states.map((state) => JSON.stringify(plain(state))).sort(),
    awake: [...due.channels].sort(by("name")),
    inbox: due.inbox,
    runs: [...(await store.loadRuns(runs))].sort(by("id")),
    deadLetters: [...(await store.deadLetters(undefined, ALL))].sort(by("id")),
  });
}

/** Bytes as hex: a Buffer and a Uint8Array with the same bytes are the same value to us. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

/** Orders rows by one of their fields, for comparisons that no order is promised for. */
export function by<Field extends string>(field: Field) {
  return (one: { readonly [Name in Field]: string }, other: { readonly [Name in Field]: string }): number =>
    one[field] < other[field] ? -1 : one[field] > other[field] ? 1 : 0;
}
