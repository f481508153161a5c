import type { Commit, CommitOutcome } from "@troupe/core";
import { channelByName, endModelRun, type Model, newMember, postMail, runById } from "./model.ts";

type Refusal = Exclude<CommitOutcome, { outcome: "committed" }>;

/** What must come of a commit. `applied` and `repeated` are both `committed` to the worker. */
export type Expected = Refusal | { readonly outcome: "applied" | "repeated" | "rejected" };

/** `flawed`: whether a row was put into the commit on purpose that no store can take. */
export function expectedOf(model: Model, commit: Commit, flawed: boolean): Expected {
  const worker = model.workers.get(commit.worker);
  if (!worker) return { outcome: "fenced", shards: commit.leases.map(({ shard }) => shard) };
  if (commit.number > 0 && commit.number === worker.last) return { outcome: "repeated" };
  if (commit.number !== worker.last + 1) return { outcome: "rejected" };
  const lost = commit.leases.filter(({ shard, epoch }) => {
    const held = model.shards[shard];
    return held?.owner !== commit.worker || held.epoch !== epoch;
  });
  if (lost.length > 0) return { outcome: "fenced", shards: lost.map(({ shard }) => shard) };
  const ended = commit.charges.map(({ run }) => run).filter((run) => runById(model, run)?.status !== "running");
  if (ended.length > 0) return { outcome: "ended", runs: ended };
  const over = commit.charges.flatMap(({ run }) => brokenLimit(model, commit, run));
  if (over.length > 0) return { outcome: "over_limit", runs: over };
  return { outcome: flawed ? "rejected" : "applied" };
}

function brokenLimit(model: Model, commit: Commit, id: string): { run: string; limit: string }[] {
  const run = runById(model, id);
  const charge = commit.charges.find((one) => one.run === id);
  if (!run || !charge) return [];
  const { spent, limits } = run;
  const after = {
    turns: charge.turns && spent.turns + charge.turns,
    groups: charge.groups && spent.groups + charge.groups,
    actorsEver: charge.actors && spent.actors + charge.actors,
    actors: charge.actors && spent.actorsLiving + charge.actors - charge.stopped,
  };
  const broken = (Object.keys(after) as (keyof typeof after)[]).find((name) => after[name] > limits[name]);
  return broken ? [{ run: id, limit: broken }] : [];
}

export function applyToModel(model: Model, commit: Commit): void {
  const worker = model.workers.get(commit.worker);
  if (worker) Object.assign(worker, { last: commit.number, expired: false });
  addGroups(model, commit);
  for (const row of commit.log) ofKey(model, row.channel)?.log.push(row);
  for (const { channel, name, state, standing, cursor, turn, progress } of commit.actors) {
    const member = ofKey(model, channel)?.members.find((one) => one.name === name);
    if (!member) continue;
    if (turn !== member.turn) member.attempt = 0;
    Object.assign(member, { standing, cursor, turn, progress, state: state ?? member.state });
  }
  for (const { channel, actor, turn, attempt } of commit.turns) {
    const member = ofKey(model, channel)?.members.find((one) => one.name === actor);
    if (member?.turn === turn) member.attempt = attempt;
  }
  for (const row of commit.steps) ofKey(model, row.channel)?.steps.push(row);
  for (const { channel, head, wakeAt } of commit.channels) Object.assign(ofKey(model, channel) ?? {}, { head, wakeAt });
  for (const { shard, key } of commit.admitted) {
    model.inbox = model.inbox.filter((row) => row.shard !== shard || row.key !== key);
  }
  for (const row of commit.posted) postMail(model, row);
  settle(model, commit);
}

function addGroups(model: Model, commit: Commit): void {
  for (const { id, shard, run, depth, admin, spawner } of commit.groups) {
    const empty = { key: 0, head: 0, wakeAt: null, members: [], log: [], steps: [] };
    model.channels.push({ ...empty, name: id, kind: "group", shard, run, depth, admin, spawner });
  }
  for (const row of commit.spawned) channelByName(model, row.group)?.members.push(newMember(row));
}

function settle(model: Model, commit: Commit): void {
  for (const { run: id, end, ...charge } of commit.charges) {
    const run = runById(model, id);
    if (!run) continue;
    const { spent } = run;
    run.spent = {
      ...spent,
      turns: spent.turns + charge.turns,
      messages: spent.messages + charge.messages,
      actors: spent.actors + charge.actors,
      actorsLiving: spent.actorsLiving + charge.actors - charge.stopped,
      groups: spent.groups + charge.groups,
    };
    const busy =
      model.channels.some((one) => one.run === id && one.wakeAt !== null) || model.inbox.some((row) => row.run === id);
    if (end) endModelRun(model, id, end);
    else if (!busy) endModelRun(model, id, { status: "quiescent", result: null });
  }
}

function ofKey(model: Model, key: number) {
  return model.channels.find((channel) => channel.key === key);
}
