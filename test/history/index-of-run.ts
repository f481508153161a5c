import type { ActorHistory, ChannelHistory, MessageHistory, RunHistory, TurnHistory } from "./history.ts";

/** A run's rows, found by what they belong to. */
export interface RunIndex {
  readonly channels: ReadonlyMap<number, ChannelHistory>;
  readonly messages: ReadonlyMap<number, readonly MessageHistory[]>;
  readonly members: ReadonlyMap<number, readonly ActorHistory[]>;
  /** By `channel actor`. */
  readonly turns: ReadonlyMap<string, readonly TurnHistory[]>;
  /** `channel seq actor` */
  readonly letters: ReadonlySet<string>;
}

export function indexOfRun({ channels, messages, actors, turns, deadLetters }: RunHistory): RunIndex {
  return {
    channels: new Map(channels.map((channel) => [channel.key, channel])),
    messages: Map.groupBy(messages, ({ channel }) => channel),
    members: Map.groupBy(actors, ({ channel }) => channel),
    turns: Map.groupBy(turns, ({ channel, actor }) => actorKey(channel, actor)),
    letters: new Set(deadLetters.map(({ channel, seq, actor }) => letterKey(channel, seq, actor))),
  };
}

export function actorKey(channel: number, actor: string): string {
  return `${channel} ${actor}`;
}

export function letterKey(channel: number, seq: number, actor: string): string {
  return `${channel} ${seq} ${actor}`;
}
