import { randomUUID } from "node:crypto";
import { Client } from "pg";

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/** An empty database with a name of its own on the server at `url`. */
export async function freshDatabase(url: string): Promise<FreshDatabase> {
  const name = `troupe_test_${randomUUID().replaceAll("-", "")}`;
  await run(url, `create database ${name}`);

  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  const drop = () => run(url, `drop database if exists ${name} with (force)`);
  return { url: fresh.href, drop, [Symbol.asyncDispose]: drop };
}

async function run(url: string, statement: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
