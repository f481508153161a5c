import type { Store } from "@troupe/core";
import { by, photograph, plain } from "../photograph.ts";
import type { Model, ModelChannel, ModelMember } from "./model.ts";

/** What `photograph` should find, without what only the store can know (when a run ended). */
export function expectedPicture(model: Model) {
  const channels = [...model.channels].sort(by("name"));
  return plain({
    names: channels.map(({ name }) => name),
    channels: channels.map(snapshotOf),
    histories: channels.map(({ log, name }) => log.map((row) => ({ ...row, channel: name }))),
    states: channels.flatMap(({ members }) => members.map(({ state }) => JSON.stringify(plain(state)))).sort(),
    awake: channels.filter(({ wakeAt }) => wakeAt !== null).map(({ name, shard, wakeAt }) => ({ name, shard, wakeAt })),
    inbox: inboxOrder(model.inbox),
    runs: [...model.runs].sort(by("id")).map((run) => ({ ...run, endedAt: run.endedAt !== null })),
    deadLetters: [],
  });
}

export async function actualPicture(store: Store, model: Model) {
  const picture = (await photograph(
    store,
    model.runs.map(({ id }) => id),
  )) as {
    inbox: { shard: number; sender: string }[];
    runs: { endedAt: number | null }[];
  };
  return {
    ...picture,
    inbox: inboxOrder(picture.inbox),
    runs: picture.runs.map((run) => ({ ...run, endedAt: run.endedAt !== null })),
  };
}

/** Order is promised within a shard for what one sender posted. The sort is stable, so that order stays. */
function inboxOrder<Row extends { readonly shard: number; readonly sender: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => one.shard - other.shard || by("sender")(one, other));
}

function snapshotOf(channel: ModelChannel) {
  const { key, name, kind, shard, run, depth, admin, spawner, head, wakeAt, log, steps } = channel;
  const members = [...channel.members].sort(by("name"));
  return {
    key,
    name,
    kind,
    shard,
    run,
    depth,
    admin,
    spawner,
    head,
    wakeAt,
    members: members.map((member) => memberOf(channel, member)),
    unread: log.filter((row) => members.some((member) => isMailOf(member, row))),
    steps: steps
      .filter((step) => members.some(({ name, turn }) => name === step.actor && turn === step.turn))
      .sort(by("key")),
  };
}

function memberOf({ log }: ModelChannel, member: ModelMember) {
  const { attempt: _attempt, state, ...rest } = member;
  const wanted = member.progress !== null || log.some((row) => isMailOf(member, row));
  return { ...rest, state: wanted ? state : null };
}

function isMailOf(
  { name, cursor, standing }: ModelMember,
  row: { readonly seq: number; readonly recipient: string | null },
): boolean {
  return row.seq > cursor && (row.recipient === name || (row.recipient === null && standing === "active"));
}
