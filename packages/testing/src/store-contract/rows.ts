import {
  type ActorRow,
  type ActorWrite,
  type ChannelKey,
  type ChannelName,
  type ChannelWrite,
  type Commit,
  DEFAULT_LIMITS,
  type DeadLetterRow,
  encode,
  type GroupId,
  type GroupRow,
  type InboxRow,
  type Limits,
  type LogRow,
  OUTSIDE,
  type RunCharge,
  type RunId,
  type RunRow,
  type Spent,
  type StepRow,
  type TurnRow,
} from "@troupe/core";

/** When everything in the suite happens, unless it says otherwise. */
export const NOON = 1_700_000_000_000;

export const NOTHING = {
  log: [],
  actors: [],
  channels: [],
  turns: [],
  steps: [],
  groups: [],
  spawned: [],
  posted: [],
  admitted: [],
  deadLetters: [],
  charges: [],
} as const satisfies Partial<Commit>;

/** What a commit holds apart from who sends it. */
export type CommitRows = { readonly [Name in keyof typeof NOTHING]?: Commit[Name] };

const NOTHING_SPENT: Spent = {
  turns: 0,
  messages: 0,
  actors: 1,
  actorsLiving: 1,
  groups: 1,
  modelCalls: 0,
  tokens: 0,
  cost: 0,
};

type RunOptions = { readonly id: RunId; readonly limits?: Partial<Limits> } & Partial<Omit<RunRow, "id" | "limits">>;

export function runRow({ limits, ...given }: RunOptions): RunRow {
  return {
    tenant: "tenant",
    key: null,
    definition: "lead",
    deployment: "first",
    status: "running",
    limits: { ...DEFAULT_LIMITS, ...limits },
    spent: NOTHING_SPENT,
    input: encode({ for: given.id }),
    result: null,
    error: null,
    resumed: 0,
    createdAt: NOON,
    endedAt: null,
    ...given,
  };
}

export function groupRow(id: GroupId, given: Partial<GroupRow> = {}): GroupRow {
  return {
    id,
    shard: 0,
    run: id.split("/")[0] as string,
    depth: id.split("/").length,
    admin: "root",
    spawner: null,
    ...given,
  };
}

export function actorRow(group: GroupId, name: string, given: Partial<ActorRow> = {}): ActorRow {
  return { group, name, definition: "member", spawner: null, cursor: 0, state: encode({ name }), ...given };
}

export function mail(key: string, channel: ChannelName, given: Partial<InboxRow> = {}): InboxRow {
  return {
    shard: 0,
    key,
    run: channel.split(/[/#]/)[0] as string,
    channel,
    sender: OUTSIDE,
    recipient: "root",
    kind: "start",
    body: encode({ key }),
    cause: null,
    at: NOON,
    headers: null,
    ...given,
  };
}

export function message(channel: ChannelKey, seq: number, given: Partial<LogRow> = {}): LogRow {
  return {
    channel,
    seq,
    sender: "root",
    recipient: "root",
    kind: "note",
    body: encode({ seq }),
    cause: null,
    at: NOON,
    headers: null,
    ...given,
  };
}

export function actorWrite(channel: ChannelKey, name: string, given: Partial<ActorWrite> = {}): ActorWrite {
  return { channel, name, standing: "active", cursor: 0, turn: 1, progress: null, state: null, ...given };
}

export function channelWrite(channel: ChannelKey, head: number, wakeAt: number | null = 0): ChannelWrite {
  return { channel, head, wakeAt };
}

export function turnRow(channel: ChannelKey, actor: string, turn: number, given: Partial<TurnRow> = {}): TurnRow {
  return {
    channel,
    actor,
    turn,
    attempt: 1,
    firstSeq: turn,
    lastSeq: turn,
    startedAt: NOON,
    ms: 1,
    outcome: "done",
    error: null,
    ...given,
  };
}

export function stepRow(
  channel: ChannelKey,
  actor: string,
  turn: number,
  key: string,
  given: Partial<StepRow> = {},
): StepRow {
  return { channel, actor, turn, key, record: encode({ key }), at: NOON, ...given };
}

export function deadLetter(
  channel: ChannelKey,
  seq: number,
  actor: string,
  given: Partial<DeadLetterRow> = {},
): DeadLetterRow {
  return { channel, seq, actor, reason: "failed", attempts: 3, error: "it broke", at: NOON, ...given };
}

export function charge(run: RunId, given: Partial<RunCharge> = {}): RunCharge {
  return { run, turns: 0, messages: 0, actors: 0, groups: 0, stopped: 0, end: null, ...given };
}
