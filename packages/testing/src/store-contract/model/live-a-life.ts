import { type Commit, encode, type Lease, type Store } from "@troupe/core";
import { expect } from "vitest";
import type { StoreHarness } from "../harness.ts";
import { actorRow, groupRow, mail, runRow } from "../rows.ts";
import { LEASE_MS, passTime } from "../world.ts";
import type { Command, CommitChoice } from "./commands.ts";
import { at, composeCommit, composeMail } from "./compose-commit.ts";
import { addRun, emptyModel, endModelRun, isFree, type Model, ownedBy, postMail, runById } from "./model.ts";
import { applyToModel, expectedOf } from "./model-commit.ts";
import { actualPicture, expectedPicture } from "./picture.ts";

/** Does the same to the store and to the model, and expects the same answers, and the same picture at the end. */
export async function liveALife(harness: StoreHarness, commands: readonly Command[]): Promise<void> {
  const { store } = harness;
  const model = emptyModel(store.shards);
  for (const command of commands) await perform(harness, model, command);
  expect(await actualPicture(store, model)).toEqual(expectedPicture(model));
}

async function perform(harness: StoreHarness, model: Model, command: Command): Promise<void> {
  const { store } = harness;
  switch (command.type) {
    case "join":
      return join(store, model, `worker ${command.worker}`);
    case "leave":
      return leave(store, model, `worker ${command.worker}`);
    case "expire":
      return expire(harness, model, `worker ${command.worker}`);
    case "claim":
      return claim(store, model, `worker ${command.worker}`, command.shards);
    case "release":
      return release(store, model, `worker ${command.worker}`, command.shards);
    case "submit":
      return submit(store, model, command);
    case "post": {
      const rows = composeMail(model, model.channels, command.mail);
      await store.post(rows);
      for (const row of rows) postMail(model, row);
      return;
    }
    case "end":
      return endRun(store, model, command.run);
    case "commit":
      return commit(store, model, command);
  }
}

async function join(store: Store, model: Model, id: string): Promise<void> {
  await store.join(id, "first", LEASE_MS);
  const known = model.workers.get(id);
  if (known) known.expired = false;
  else {
    model.workers.set(id, { last: 0, expired: false });
    model.beliefs.set(id, new Map());
  }
}

/** It goes on believing that it holds what it held: its later commits are those of a worker that was cut off. */
async function leave(store: Store, model: Model, id: string): Promise<void> {
  await store.leave(id);
  model.workers.delete(id);
  for (const shard of model.shards) if (shard.owner === id) shard.owner = null;
}

async function expire(harness: StoreHarness, model: Model, id: string): Promise<void> {
  const heartbeat = await harness.store.renew(id, 1);
  const worker = model.workers.get(id);
  expect(heartbeat === undefined).toBe(worker === undefined);
  if (!worker) return;
  expect(heartbeat?.leases.map(({ shard }) => shard).sort()).toEqual(ownedBy(model, id).sort());
  await passTime(harness, 50);
  worker.expired = true;
  await forgetIdle(harness.store, model, id);
}

async function claim(store: Store, model: Model, id: string, limit: number): Promise<void> {
  const worker = model.workers.get(id);
  const free = model.shards.flatMap((_, shard) => (isFree(model, shard) ? [shard] : []));

  const leases = await store.claim(id, limit);

  expect(leases).toHaveLength(worker && !worker.expired ? Math.min(limit, free.length) : 0);
  expect(new Set(leases.map(({ shard }) => shard)).size).toBe(leases.length);
  for (const lease of leases) takeOver(model, id, lease, free);
  const claimed = new Set(leases.map(({ shard }) => shard));
  for (const run of model.runs) {
    const root = model.channels.find(({ name }) => name === run.id);
    if (run.status === "running" && run.spent.turns > 0 && root && claimed.has(root.shard)) run.resumed += 1;
  }
  for (const [other, { expired }] of [...model.workers]) if (expired) await forgetIdle(store, model, other);
}

function takeOver(model: Model, id: string, { shard, epoch }: Lease, free: readonly number[]): void {
  const held = model.shards[shard];
  expect(free).toContain(shard);
  expect(epoch).toBe((held?.epoch ?? 0) + 1);
  model.shards[shard] = { epoch, owner: id };
  model.beliefs.get(id)?.set(shard, epoch);
}

/** A store may forget an expired worker that owns nothing, or not yet. The suite makes sure of it. */
async function forgetIdle(store: Store, model: Model, id: string): Promise<void> {
  if (ownedBy(model, id).length === 0) await leave(store, model, id);
}

async function release(store: Store, model: Model, id: string, shard: number): Promise<void> {
  await store.release(id, [shard]);
  const held = model.shards[shard];
  if (held?.owner === id) held.owner = null;
  const worker = model.workers.get(id);
  if (worker?.expired) await forgetIdle(store, model, id);
}

async function submit(store: Store, model: Model, choice: Extract<Command, { type: "submit" }>): Promise<void> {
  const id = `run-${model.count++}`;
  const key = choice.key === 0 ? null : `key ${choice.key}`;
  const limits = choice.tight ? { turns: 5, actors: 3, actorsEver: 4, groups: 2 } : {};
  const submission = {
    run: runRow({ id, key, tenant: `tenant ${choice.key % 2}`, limits }),
    root: groupRow(id, { shard: choice.shard }),
    actor: actorRow(id, "root"),
    first: mail(`first:${id}`, id, { shard: choice.shard }),
  };
  const known =
    key === null ? undefined : model.runs.find((run) => run.key === key && run.tenant === submission.run.tenant);

  const { run, created } = await store.submit(submission);

  expect({ id: run.id, created }).toEqual({ id: known?.id ?? id, created: known === undefined });
  if (known) return;
  addRun(model, submission);
  await learnKeys(store, model);
}

async function endRun(store: Store, model: Model, choice: number): Promise<void> {
  const id = at(model.runs, choice)?.id ?? "none";
  const end = { status: "cancelled", result: encode("cut short"), error: null } as const;
  const run = await store.endRun(id, end);
  endModelRun(model, id, end);
  expect(run?.status).toBe(runById(model, id)?.status);
}

async function commit(store: Store, model: Model, choice: CommitChoice): Promise<void> {
  const composed = composeCommit(model, `worker ${choice.worker}`, choice);
  if (!composed) return;
  const expected = expectedOf(model, composed.commit, composed.flawed);

  const outcome = await store.commit(composed.commit).catch((error: { code?: unknown }) => {
    if (error.code !== "commit_rejected") throw error;
    return { outcome: "rejected" } as const;
  });

  if (expected.outcome === "applied") {
    applyToModel(model, composed.commit);
    await learnKeys(store, model);
  }
  const done = expected.outcome === "applied" || expected.outcome === "repeated";
  expect(outcome).toEqual(
    done ? { outcome: "committed", accounts: accountsOf(model, composed.commit, expected.outcome) } : expected,
  );
  // Whether a repeat renews the lease is left open, so it is renewed here.
  if (expected.outcome === "repeated") await join(store, model, composed.commit.worker);
}

function accountsOf(model: Model, { charges }: Commit, outcome: string) {
  if (outcome === "repeated") return expect.any(Array);
  return charges.map(({ run: id, end }) => {
    const run = runById(model, id);
    return { run: id, spent: run?.spent, quiescent: end === null && run?.status === "quiescent" };
  });
}

async function learnKeys(store: Store, model: Model): Promise<void> {
  const unknown = model.channels.filter(({ key }) => key === 0);
  if (unknown.length === 0) return;
  const found = await store.loadChannels(unknown.map(({ name }) => name));
  expect(found).toHaveLength(unknown.length);
  for (const channel of unknown) channel.key = found.find(({ name }) => name === channel.name)?.key ?? 0;
}
