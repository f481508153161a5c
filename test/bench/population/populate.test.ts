import { type ChannelSnapshot, type Store, shardOf, startRuntime } from "@troupe/core";
import { postgresStore } from "@troupe/postgres";
import { expect, it } from "vitest";
import { testDatabase } from "../../postgres/test-database.ts";
import { idlers } from "./idlers.ts";
import { populate } from "./populate.ts";

/** All channels of a run, by name, with what a copy may differ in (its keys) taken out and its id made a word. */
async function picture(store: Store, run: string): Promise<readonly unknown[]> {
  const groups = await store.groupsOf(run);
  const channels = await store.loadChannels([...groups, `${run}#admin`]);
  expect(channels.map(({ shard }) => shard)).toEqual(channels.map(({ name }) => shardOf(name, store.shards)));
  const plain = channels.map(({ key: _, shard: _shard, members, ...channel }: ChannelSnapshot) => ({
    ...channel,
    members: members.map((member) => ({ ...member, progress: text(member.progress), state: text(member.state) })),
    unread: channel.unread.map(({ channel: _channel, ...row }) => ({ ...row, body: text(row.body) })),
    steps: channel.steps.map(({ channel: _channel, ...step }) => ({ ...step, record: text(step.record) })),
  }));
  const words = JSON.stringify(plain).replaceAll(run, "<run>");
  return (JSON.parse(words) as { name: string }[]).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString("latin1");
}

it("makes copies of a run that differ from it in nothing but names, keys and shards", async () => {
  await using database = await testDatabase();
  await populate(database.url, { actors: 300, awake: 0 });
  const store = await postgresStore({ url: database.url });

  const runs = await store.listRuns(10);
  const [first, ...others] = await Promise.all(runs.map(({ id }) => picture(store, id)));

  expect(first?.length).toBe(12);
  expect(others).toEqual([first, first]);
  await store.close();
});

it("leaves mail that a runtime finds and handles", async () => {
  await using database = await testDatabase();
  await populate(database.url, { actors: 300, awake: 7 });
  const store = await postgresStore({ url: database.url });
  const all = Promise.withResolvers<void>();
  let handled = 0;

  const agent = idlers(10, () => {
    handled += 1;
    if (handled === 7) all.resolve();
  });
  const runtime = await startRuntime({ store, agents: [agent], onTrouble: all.reject });
  await all.promise;
  await runtime.close();

  const left = await Promise.all((await store.listRuns(10)).map(({ id }) => store.inspect(id)));
  expect(left.flatMap((run) => run?.groups ?? []).filter(({ wakeAt }) => wakeAt === 0)).toEqual([]);
  expect(handled).toBe(7);
  await store.close();
});
