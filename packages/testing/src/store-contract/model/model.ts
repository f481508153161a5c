import type { Submission } from "@troupe/core";
import {
  adminChannelOf,
  type ChannelKey,
  type InboxRow,
  type LogRow,
  type RunRow,
  type Standing,
  type StepRow,
} from "@troupe/core";

/** What a store should hold, kept in the plainest way: lists that are searched from end to end. */
export interface Model {
  readonly shards: { epoch: number; owner: string | null }[];
  readonly workers: Map<string, ModelWorker>;
  /** What each worker believes it holds, right or not: shard → epoch. */
  readonly beliefs: Map<string, Map<number, number>>;
  readonly runs: { -readonly [Name in keyof RunRow]: RunRow[Name] }[];
  readonly channels: ModelChannel[];
  inbox: InboxRow[];
  /** Keys of mail that waits or was admitted. */
  readonly knownMail: Set<string>;
  /** For names that must be new. */
  count: number;
}

interface ModelWorker {
  last: number;
  expired: boolean;
}

export interface ModelChannel {
  readonly name: string;
  readonly kind: "group" | "admin";
  readonly shard: number;
  readonly run: string;
  readonly depth: number;
  readonly admin: string;
  readonly spawner: string | null;
  /** Given by the store, so it is learned from it. */
  key: ChannelKey;
  head: number;
  wakeAt: number | null;
  readonly members: ModelMember[];
  readonly log: LogRow[];
  readonly steps: StepRow[];
}

export interface ModelMember {
  readonly name: string;
  readonly definition: string;
  readonly spawner: string | null;
  standing: Standing;
  cursor: number;
  turn: number;
  attempt: number;
  progress: Uint8Array | null;
  state: Uint8Array;
}

export function emptyModel(shards: number): Model {
  return {
    shards: Array.from({ length: shards }, () => ({ epoch: 0, owner: null })),
    workers: new Map(),
    beliefs: new Map(),
    runs: [],
    channels: [],
    inbox: [],
    knownMail: new Set(),
    count: 0,
  };
}

export function isFree(model: Model, shard: number): boolean {
  const owner = model.shards[shard]?.owner;
  return owner === null || owner === undefined || (model.workers.get(owner)?.expired ?? true);
}

export function ownedBy(model: Model, worker: string): number[] {
  return model.shards.flatMap(({ owner }, shard) => (owner === worker ? [shard] : []));
}

export function runById(model: Model, id: string) {
  return model.runs.find((run) => run.id === id);
}

export function channelByName(model: Model, name: string): ModelChannel | undefined {
  return model.channels.find((channel) => channel.name === name);
}

export function addRun(model: Model, { run, root, actor, first }: Submission): void {
  model.runs.push({ ...run, spent: { ...run.spent } });
  const empty = { shard: root.shard, run: run.id, key: 0, head: 0, wakeAt: null };
  const { admin, depth, spawner } = root;
  model.channels.push(
    { ...empty, name: run.id, kind: "group", depth, admin, spawner, members: [], log: [], steps: [] },
    {
      ...empty,
      name: adminChannelOf(run.id),
      kind: "admin",
      depth: 0,
      admin: "",
      spawner: null,
      members: [],
      log: [],
      steps: [],
    },
  );
  channelByName(model, run.id)?.members.push(newMember(actor));
  postMail(model, first);
}

export function newMember(row: Pick<ModelMember, "name" | "definition" | "spawner" | "cursor" | "state">): ModelMember {
  const { name, definition, spawner, cursor, state } = row;
  return { name, definition, spawner, cursor, state, standing: "active", turn: 1, attempt: 0, progress: null };
}

export function postMail(model: Model, row: InboxRow): void {
  const key = `${row.shard} ${row.key}`;
  if (model.knownMail.has(key) || runById(model, row.run)?.status !== "running") return;
  model.knownMail.add(key);
  model.inbox.push(row);
}

export function endModelRun(
  model: Model,
  id: string,
  end: { readonly status: RunRow["status"]; readonly result: Uint8Array | null },
): void {
  const run = runById(model, id);
  if (run?.status !== "running") return;
  run.status = end.status;
  run.result = end.result;
  run.endedAt = 1;
  for (const channel of model.channels) if (channel.run === id) channel.wakeAt = null;
  model.inbox = model.inbox.filter((row) => row.run !== id);
}
