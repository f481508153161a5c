import type { Db, Job } from "pg-boss";
import { FIRST, NOTHING_YET, next, type Remembered, remember, type Token } from "../token.ts";
import { behindValve } from "../valve.ts";
import { BATCHES, openQueue, QUEUE } from "./pg-boss-queue.ts";

interface Addressed extends Token {
  readonly actor: number;
}

interface StateRow {
  readonly actor: number;
  readonly remembered: Remembered;
}

const MADE = `
  create table remembered as select actor, $1::jsonb as remembered from generate_series(0, $2::int - 1) actor`;
const KEYED = "alter table remembered add primary key (actor)";
const READ = "select actor, remembered from remembered where actor = any($1)";
const WRITTEN = `
  update remembered set remembered = given.remembered
  from unnest($1::int[], $2::jsonb[]) as given (actor, remembered) where remembered.actor = given.actor`;

/** The same with a row of state for every actor: the batch taken, the states and the batch sent are one transaction. */
export const start = behindValve(async (url, active, valve) => {
  const boss = await openQueue(
    url,
    Array.from({ length: active }, (_, actor): Addressed => ({ ...FIRST, actor })),
  );
  await boss.getDb().executeSql(MADE, [JSON.stringify(NOTHING_YET), active]);
  await boss.getDb().executeSql(KEYED);
  const pass = async (jobs: readonly Job<Addressed>[], db: Db) => {
    const actors = jobs.map(({ data }) => data.actor);
    const { rows } = (await db.executeSql(READ, [actors])) as { rows: StateRow[] };
    const written = [rows.map(({ actor }) => actor), rows.map((row) => JSON.stringify(remember(row.remembered)))];
    await db.executeSql(WRITTEN, written);
    const sent = jobs.map(({ data }) => ({ data: { ...next(data), actor: (data.actor + 1) % active } }));
    await boss.insert(QUEUE, sent, { db });
  };
  const options = { ...BATCHES, transactional: true } as const;
  await boss.work<Addressed, void, typeof options>(QUEUE, options, (jobs, db) =>
    valve.hop(() => pass(jobs, db), jobs.length),
  );
});
