import { Client } from "pg";
import { makeFirstRun, type RunPlan } from "./first-run.ts";
import { multiplyRun } from "./multiply-run.ts";
import { wakeGroups } from "./wake-groups.ts";

const RUN: RunPlan = { groups: 100, members: 10 };
const SMALL_RUN: RunPlan = { groups: 10, members: 10 };

export interface Population {
  /** Known actors; a few more, since each run has a root. */
  readonly actors: number;
  /** Actors with mail that they have not read, each in a group of its own. */
  readonly awake: number;
}

/** Fills an empty database with what a runtime would have left there: runs whose actors have all taken a turn. */
export async function populate(url: string, { actors, awake }: Population): Promise<void> {
  const plan = actors < 10 * RUN.groups * RUN.members ? SMALL_RUN : RUN;
  const first = await makeFirstRun(url, plan);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const copies = Math.ceil(actors / (plan.groups * plan.members)) - 1;
    if (copies > 0) await multiplyRun(client, first, copies);
    if (awake > 0) await wakeGroups(client, awake);
    // As autovacuum leaves tables that have been there for a while.
    await client.query("vacuum analyze");
    await client.query("checkpoint");
  } finally {
    await client.end();
  }
}
