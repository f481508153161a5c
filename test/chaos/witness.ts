import { setTimeout as wait } from "node:timers/promises";
import { runOf } from "@troupe/core";
import { Client, Pool } from "pg";

// The world outside, as a database of its own that no fault touches: every effect of a step leaves a row there.

/** An effect that somebody saw. */
export interface Sighting {
  /** In the order in which they were seen. */
  readonly id: number;
  /** The step's idempotency key: `actor:turn:step`. */
  readonly key: string;
  /** The worker, and how often it had lost the actor's shard by then: while this is the same, it has what it remembers. */
  readonly life: string;
  readonly proof: string;
}

const SCHEMA = `
  create table effects (
    id bigint generated always as identity primary key,
    run text not null, key text not null, life text not null, proof text not null
  );
  create index on effects (run)`;

export interface Witness {
  /** Leaves a row, takes its time, and answers with the row's proof: the one that was given, or a new one. */
  see(key: string, ms: number, proof?: string): Promise<string>;
}

export async function prepareWitness(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(SCHEMA);
  await client.end();
}

/** The witness as a worker sees it. `lifeOf` names the worker as it is now for this actor. */
export function witnessAt(url: string, lifeOf: (actor: string) => string): Witness {
  const pool = new Pool({ connectionString: url, max: 4, allowExitOnIdle: true });
  pool.on("error", () => {});
  return {
    async see(key, ms, given) {
      const { actor, run } = placeOf(key);
      const life = lifeOf(actor);
      const proof = given ?? `${life}-${Math.random()}`;
      await pool.query("insert into effects (run, key, life, proof) values ($1, $2, $3, $4)", [run, key, life, proof]);
      await wait(ms);
      return proof;
    },
  };
}

/** What an idempotency key says. */
export function placeOf(key: string) {
  const [actor = "", turn = "", step = ""] = key.split(":");
  const run = runOf(actor.slice(actor.indexOf("@") + 1));
  return { actor, run, turn: Number(turn), step };
}
