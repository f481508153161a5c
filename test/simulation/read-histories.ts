import { addressOf, decode, isAdminChannel, type RunRow, type Store } from "@troupe/core";
import type { ActorHistory, ChannelHistory, MessageHistory, RunHistory } from "../history/history.ts";
import type { Tally } from "../history/stamps.ts";
import type { Cast, Line } from "./cast.ts";
import type { RecordedActor, RecordedMessage, Recorder } from "./recorder.ts";

/** One history for each run that the recorder knows; how the run stands is the store's to say. */
export async function readHistories(recorder: Recorder, store: Store, cast: Cast): Promise<RunHistory[]> {
  const ids = [...new Set([...recorder.channels.values()].map(({ run }) => run))];
  const rows = new Map([...recorder.swept.values(), ...(await store.loadRuns(ids))].map((row) => [row.id, row]));
  const takes = new Map(cast.all.map(({ name, on }) => [name, new Set(Object.keys(on))]));
  return Promise.all([...rows.values()].map((row) => readHistory(row, recorder, store, takes)));
}

async function readHistory(
  row: RunRow,
  recorder: Recorder,
  store: Store,
  takes: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<RunHistory> {
  const recorded = [...recorder.channels.values()].filter(({ run }) => run === row.id);
  const keys = new Set(recorded.map(({ key }) => key));
  const channels = recorded.map(({ key, name, depth, head }): ChannelHistory => {
    return { key, name, kind: isAdminChannel(name) ? "admin" : "group", depth, head };
  });
  const actors = [...recorder.actors.values()].filter(({ channel }) => keys.has(channel));
  const shards = Array.from({ length: store.shards }, (_, shard) => shard);
  const { inbox } = await store.due(shards, -1, 1_000_000);
  return {
    run: row,
    channels,
    actors: actors.map((actor) => actorHistory(actor, takes)),
    messages: recorder.messages.filter(({ channel }) => keys.has(channel)).map(messageHistory),
    turns: recorder.turns.filter(({ channel }) => keys.has(channel)),
    deadLetters: recorder.letters.filter(({ channel }) => keys.has(channel)),
    waiting: inbox.filter(({ run }) => run === row.id).length,
    tallies: new Map(
      actors.filter(isTallied).map((actor) => [addressOf(actor.row.name, actor.row.group), tallyOf(actor)]),
    ),
  };
}

function actorHistory(
  { row, channel, standing, cursor, turn }: RecordedActor,
  takes: ReadonlyMap<string, ReadonlySet<string>>,
): ActorHistory {
  const { name, definition, spawner, cursor: born } = row;
  return { channel, name, takes: takes.get(definition) ?? new Set(), spawner, standing, born, cursor, turn };
}

function messageHistory({
  channel,
  seq,
  sender,
  recipient,
  kind,
  headers,
  body,
  epoch,
}: RecordedMessage): MessageHistory {
  const isReply = headers?.re !== undefined;
  const words = isReply || body.length === 0 ? undefined : (decode(body) as Partial<Line> | undefined);
  return { channel, seq, sender, recipient, kind, isReply, stamp: words?.stamp, epoch };
}

/** An agent that begins anew after a failure loses count. */
function isTallied({ row }: RecordedActor): boolean {
  return row.definition !== "phoenix";
}

function tallyOf({ state }: RecordedActor): Tally {
  return (decode(state) as { tally: Tally }).tally;
}
