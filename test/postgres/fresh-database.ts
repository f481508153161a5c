import { randomUUID } from "node:crypto";
import { Client } from "pg";

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/** A database with a name of its own on the server at `url`: empty, or a copy of one that nobody uses meanwhile. */
export async function freshDatabase(url: string, original?: string): Promise<FreshDatabase> {
  const name = `troupe_test_${randomUUID().replaceAll("-", "")}`;
  await run(url, `create database ${name}${original ? ` template "${original}" strategy file_copy` : ""}`);

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
