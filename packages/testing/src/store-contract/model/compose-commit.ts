import {
  type ActorWrite,
  type ChannelWrite,
  type Commit,
  encode,
  type InboxRow,
  type LogRow,
  STANDINGS,
  type StepRow,
  type TurnRow,
  WAKE_ON_MAIL,
} from "@troupe/core";
import { actorRow, actorWrite, charge, groupRow, mail, message, NOON, NOTHING, stepRow, turnRow } from "../rows.ts";
import { LEASE_MS } from "../world.ts";
import type { CommitChoice, MailChoice, TurnChoice } from "./commands.ts";
import type { Model, ModelChannel, ModelMember } from "./model.ts";

const WAKES = [null, null, 0, 0, NOON, WAKE_ON_MAIL] as const;
const NOWHERE = 999_999;

export interface Composed {
  readonly commit: Commit;
  readonly flawed: boolean;
}

/** A commit as a worker would write it that knows the store well, but may be wrong about what it owns. */
export function composeCommit(model: Model, workerId: string, choice: CommitChoice): Composed | undefined {
  const run = at(model.runs, choice.run);
  if (!run) return undefined;
  const held = model.beliefs.get(workerId) ?? new Map<number, number>();
  const channels = model.channels.filter((channel) => channel.run === run.id);
  const draft = new Draft(
    model,
    channels.filter(({ shard }) => held.has(shard)),
  );
  for (const row of model.inbox.filter((one) => one.run === run.id && held.has(one.shard)).slice(0, choice.admits))
    draft.admit(row);
  for (const turn of choice.turns) draft.takeTurn(turn);
  const groups = Array.from({ length: choice.groups }, () =>
    groupRow(`${run.id}/g${model.count++}`, { shard: model.count % 2 }),
  );
  const homes = [
    ...channels.filter(({ kind }) => kind === "group").map(({ name }) => name),
    ...groups.map(({ id }) => id),
  ];
  const spawned = Array.from({ length: choice.actors }, (_, index) => {
    const group = homes[(model.count + index) % homes.length] as string;
    return actorRow(group, `a${model.count++}`, { cursor: model.count % 3 });
  });
  const { log, actors, channelWrites, turns, steps, admitted, stopped } = draft;
  const ends = choice.ends ? ({ status: "finished", result: encode("done"), error: null } as const) : null;
  const spent = { turns: turns.length, messages: log.length, actors: spawned.length, groups: groups.length, stopped };
  const commit: Commit = {
    ...NOTHING,
    worker: workerId,
    number: (model.workers.get(workerId)?.last ?? 0) + 1 + choice.shift,
    leaseMs: LEASE_MS,
    leases: [...held].map(([shard, epoch]) => ({ shard, epoch })),
    log,
    actors,
    channels: [...channelWrites.values()],
    turns,
    steps,
    groups,
    spawned,
    posted: choice.posts.flatMap((post) => composeMail(model, channels, post)),
    admitted,
    charges: [charge(run.id, { ...spent, end: ends })],
  };
  return spoil(model, commit, channels, choice.flaw);
}

export function composeMail(
  model: Model,
  channels: readonly ModelChannel[],
  { channel, key, sender }: MailChoice,
): InboxRow[] {
  const to = at(channels, channel);
  if (!to) return [];
  const senders = ["ann@elsewhere", "bob@elsewhere"];
  const from = senders[sender] ?? "outside";
  return [
    mail(`mail ${key} for ${to.run}`, to.name, {
      shard: to.shard,
      sender: from,
      recipient: at(to.members, key)?.name ?? null,
      body: encode(model.count++),
    }),
  ];
}

/** The rows of a commit, as they come together. */
class Draft {
  readonly log: LogRow[] = [];
  readonly actors: ActorWrite[] = [];
  readonly channelWrites = new Map<number, ChannelWrite>();
  readonly turns: TurnRow[] = [];
  readonly steps: StepRow[] = [];
  readonly admitted: { shard: number; key: string }[] = [];
  stopped = 0;
  readonly #model: Model;
  readonly #channels: readonly ModelChannel[];

  constructor(model: Model, channels: readonly ModelChannel[]) {
    this.#model = model;
    this.#channels = channels;
  }

  admit(row: InboxRow): void {
    const channel = this.#channels.find(({ name }) => name === row.channel);
    if (!channel) return;
    const { shard, key, run: _run, ...rest } = row;
    this.admitted.push({ shard, key });
    const seq = this.#headOf(channel) + 1;
    this.log.push({ ...rest, channel: channel.key, seq });
    this.#write(channel, seq, 0);
  }

  takeTurn(turn: TurnChoice): void {
    const channel = at(
      this.#channels.filter(({ members }) => members.length > 0),
      turn.channel,
    );
    const member = channel && at(channel.members, turn.actor);
    if (
      !channel ||
      !member ||
      this.actors.some(({ channel: key, name }) => key === channel.key && name === member.name)
    )
      return;
    const seq = this.#headOf(channel) + 1;
    const recipient = at([...channel.members.map(({ name }) => name), null, "nobody"], turn.to) ?? null;
    this.log.push(message(channel.key, seq, { sender: member.name, recipient, body: encode(this.#model.count++) }));
    this.#write(channel, seq, WAKES[turn.wake] ?? null);
    this.#writeMember(channel, member, turn, seq);
  }

  #writeMember({ key }: ModelChannel, member: ModelMember, turn: TurnChoice, head: number): void {
    const number = member.turn + (turn.closes ? 1 : 0);
    const standing = STANDINGS[turn.standing] ?? "active";
    if (standing === "stopped" && member.standing !== "stopped") this.stopped += 1;
    const bytes = () => encode(`bytes ${this.#model.count++}`);
    this.actors.push(
      actorWrite(key, member.name, {
        standing,
        cursor: Math.min(head, member.cursor + turn.read),
        turn: number,
        progress: turn.closes ? null : bytes(),
        state: turn.writes ? bytes() : null,
      }),
    );
    this.turns.push(turnRow(key, member.name, member.turn, { attempt: member.attempt + 1 }));
    for (let i = 0; i < turn.steps; i++) this.steps.push(stepRow(key, member.name, number, `s${this.#model.count++}`));
  }

  #headOf(channel: ModelChannel): number {
    return this.channelWrites.get(channel.key)?.head ?? channel.head;
  }

  #write(channel: ModelChannel, head: number, wakeAt: number | null): void {
    this.channelWrites.set(channel.key, { channel: channel.key, head, wakeAt });
  }
}

/** Adds a row that no store can take; which one, `flaw` says. */
function spoil(model: Model, commit: Commit, channels: readonly ModelChannel[], flaw: number): Composed {
  const bad: Partial<Commit>[] = [
    {},
    { log: [...commit.log, message(NOWHERE, 1)] },
    { actors: [...commit.actors, actorWrite(NOWHERE, "nobody")] },
    { groups: [...commit.groups, groupRow(at(channels, 0)?.name ?? "")] },
    { spawned: [...commit.spawned, actorRow(at(channels, 0)?.name ?? "", "root")] },
    { admitted: [...commit.admitted, { shard: commit.leases[0]?.shard ?? 0, key: `never ${model.count}` }] },
    commit.steps.length > 0 ? { steps: [...commit.steps, ...commit.steps] } : {},
  ];
  const rows = bad[flaw] ?? {};
  return { commit: { ...commit, ...rows }, flawed: Object.keys(rows).length > 0 };
}

/** One of these; which one, a number of any size says. */
export function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items[index % items.length];
}
