import type { Store } from "@troupe/core";
import { expect, it } from "vitest";
import { commitOf, messageRows } from "./fixtures.ts";
import { type PostgresWorld, postgresWorld } from "./postgres-world.ts";

/** Ann owns all shards and her lease has run out; Bob is there to take over. */
async function lateOwner() {
  const world = await postgresWorld();
  const root = await world.startRun("run");
  await world.store.commit(commitOf("ann", 1, { ...messageRows("run", root, 1), leaseMs: -1_000 }));
  await world.store.join("bob", "first", 60_000);
  return { ...world, root };
}

/** Holds the row of the run, for which a commit waits when its worker's row is locked, and the shards are compared. */
async function holdRun({ session }: PostgresWorld) {
  const holder = await session();
  await holder.query("begin; select from troupe.runs where id = 'run' for update");
  return { release: () => holder.query("commit") };
}

it("makes a take-over wait for the owner's commit under way, and see the lease that it renews", async () => {
  const world = await lateOwner();
  const other = await world.open();
  const hold = await holdRun(world);

  const commit = world.store.commit(commitOf("ann", 2, messageRows("run", world.root, 2)));
  await world.untilBlocked(1);
  const claim = other.claim("bob", 99);
  await world.untilBlocked(2);
  await hold.release();

  expect(await commit).toMatchObject({ outcome: "committed" });
  expect(await claim).toEqual([]);
});

it("lets a take-over see all of the commit that it waited for, and fences the next", async () => {
  const world = await lateOwner();
  const other = await world.open();
  const hold = await holdRun(world);

  const commit = world.store.commit(commitOf("ann", 2, { ...messageRows("run", world.root, 2), leaseMs: -1_000 }));
  await world.untilBlocked(1);
  const claim = other.claim("bob", 99);
  await world.untilBlocked(2);
  await hold.release();

  expect(await commit).toMatchObject({ outcome: "committed" });
  expect(await claim).toHaveLength(16);
  expect((await other.loadChannels(["run"]))[0]?.head).toBe(2);
  const next = await world.store.commit(commitOf("ann", 3, messageRows("run", world.root, 3)));
  expect(next).toEqual({ outcome: "fenced", shards: [0] });
});

it("fences a commit that began while a take-over was under way", async () => {
  const world = await lateOwner();
  const other = await world.open();
  const hold = await holdRun(world);

  const claim = other.claim("bob", 99);
  await world.untilBlocked(1);
  const commit = world.store.commit(commitOf("ann", 2, messageRows("run", world.root, 2)));
  await world.untilBlocked(2);
  await hold.release();

  expect(await claim).toHaveLength(16);
  expect(await commit).toEqual({ outcome: "fenced", shards: [0] });
  expect(await other.history("run", 9)).toHaveLength(1);
});

it("changes nothing when a claimer dies midway, and lets the next one claim", async () => {
  const world = await lateOwner();
  const other = await world.open();
  const hold = await holdRun(world);
  const admin = await world.session();

  const claim = other.claim("bob", 99);
  const seen = expect(claim).rejects.toMatchObject({ code: "store_unavailable" });
  await world.untilBlocked(1);
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query like '%claim_shards%' and wait_event_type = 'Lock'",
  );
  await seen;
  await hold.release();

  expect(await other.claim("bob", 99)).toContainEqual({ shard: 0, epoch: 2 });
});

it("gives one of two claimers the shards of a dead owner, and the other what is left", async () => {
  const world = await lateOwner();
  const other = await world.open();
  await world.store.join("cid", "first", 60_000);
  const hold = await holdRun(world);

  const first = world.store.claim("bob", 10);
  await world.untilBlocked(1);
  const second = other.claim("cid", 10);
  await world.untilBlocked(2);
  await hold.release();

  expect([(await first).length, (await second).length]).toEqual([10, 6]);
});

it("applies a commit once when it is sent again while the first attempt is under way", async () => {
  const world = await postgresWorld();
  const root = await world.startRun("run");
  const other = await world.open();
  const hold = await holdRun(world);
  const batch = commitOf("ann", 1, messageRows("run", root, 1));

  const first = world.store.commit(batch);
  await world.untilBlocked(1);
  const second = other.commit(batch);
  await world.untilBlocked(2);
  await hold.release();

  const accounts = [{ run: "run", spent: { turns: 1, messages: 1 } }];
  expect(await first).toMatchObject({ outcome: "committed", accounts });
  expect(await second).toMatchObject({ outcome: "committed", accounts });
  expect(await other.history("run", 9)).toHaveLength(1);
});

it("leaves it open how a commit ended whose connection died, and takes the same number again", async () => {
  const world = await postgresWorld();
  const root = await world.startRun("run");
  const admin = await world.session();
  const hold = await holdRun(world);
  const batch = commitOf("ann", 1, messageRows("run", root, 1));

  const lost = expect(world.store.commit(batch)).rejects.toMatchObject({ code: "store_unavailable", remedy: "retry" });
  await world.untilBlocked(1);
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where query like '%commit_batch%' and wait_event_type = 'Lock'",
  );
  await lost;
  await hold.release();

  expect(await world.store.commit(batch)).toMatchObject({ outcome: "committed" });
  expect(await world.store.commit(batch)).toMatchObject({ outcome: "committed" });
  expect(await world.store.history("run", 9)).toHaveLength(1);
});

it("refuses an old number, so that an attempt that was lost on its way cannot come late", async () => {
  const world = await postgresWorld();
  const root = await world.startRun("run");
  await world.store.commit(commitOf("ann", 1));
  await world.store.commit(commitOf("ann", 2));

  const late = world.store.commit(commitOf("ann", 1, messageRows("run", root, 1)));

  await expect(late).rejects.toMatchObject({ code: "commit_rejected" });
  expect(await world.store.history("run", 9)).toEqual([]);
});

it("does not end a run at rest while mail for it is being posted", async () => {
  const world = await postgresWorld();
  const root = await world.startRun("run");
  const poster = await world.session();
  await world.store.commit(
    commitOf("ann", 1, { ...messageRows("run", root, 1), admitted: [{ shard: 0, key: "first:run" }] }),
  );

  await poster.query(`begin; select troupe.post_mail(
    '{0}', '{k}', '{run}', '{run}', '{outside}', '{root}', '{note}', '{""}', '{null}', '{1}', '{null}')`);
  const commit = world.store.commit(
    commitOf("ann", 2, { ...messageRows("run", root, 2), channels: [{ channel: root, head: 2, wakeAt: null }] }),
  );
  await world.untilBlocked(1);
  await poster.query("commit");

  expect(await commit).toMatchObject({ outcome: "committed", accounts: [{ quiescent: false }] });
});

it("neither commits nor claims in a transaction that does not see what was committed meanwhile", async () => {
  const world = await postgresWorld();
  const session = await world.session();
  const strictly = (call: string) =>
    session.query(`begin isolation level repeatable read; select ${call}`).finally(() => session.query("rollback"));
  const nulls = Array(78).fill("null").join(", ");

  await expect(strictly("troupe.claim_shards('ann', 1)")).rejects.toMatchObject({ code: "TR004" });
  await expect(strictly(`troupe.commit_batch('ann', 1, 1, null, ${nulls})`)).rejects.toMatchObject({ code: "TR004" });
});

it("never gives one shard to two of many workers that claim at once", async () => {
  const { open } = await postgresWorld();
  const stores = await Promise.all(Array.from({ length: 4 }, () => open({ shards: 16, poolSize: 4 })));
  const workers = Array.from({ length: 16 }, (_, place) => ({
    id: `worker ${place}`,
    store: stores[place % stores.length] as Store,
  }));
  for (const { id, store } of workers) await store.join(id, "first", 60_000);

  for (let round = 0; round < 100; round++) {
    const claims = await Promise.all(workers.map(({ id, store }) => store.claim(id, 1)));
    const shards = claims.flat().map(({ shard }) => shard);

    expect(new Set(shards).size).toBe(shards.length);
    await Promise.all(workers.map(({ id, store }) => store.release(id, shards)));
  }
});
