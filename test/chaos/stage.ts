import { Client } from "pg";
import type { Pooler } from "../postgres/start-pooler.ts";
import type { PostgresServer } from "../postgres/start-postgres.ts";
import type { Crew } from "./crew.ts";
import type { Link } from "./network/link.ts";
import type { SmallDisk } from "./small-disk.ts";

/** Everything that a fault can be done to. */
export interface Stage {
  readonly leaseMs: number;
  readonly server: PostgresServer;
  /** The database itself, past all that is done to the network. */
  readonly url: string;
  readonly crew: Crew;
  /** Of whoever is outside. */
  readonly clientLink: Link;
  /** Where the write-ahead log lies, and some of the tables. */
  readonly disks: { readonly log: SmallDisk; readonly tables: SmallDisk } | undefined;
  readonly pooler: Pooler | undefined;
}

const LOOK_MS = 30;
const GOOD_BYE_MS = 1_000;

/** One statement on a connection of its own. */
export async function askOnce<Row extends object>(url: string, statement: string, values: unknown[] = []) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 20_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await endSoon(client);
  }
}

/** A server in trouble may never say good-bye. */
export async function endSoon(client: Client): Promise<void> {
  const patience = AbortSignal.timeout(GOOD_BYE_MS);
  const gone = client.end().catch(() => undefined);
  await Promise.race([gone, new Promise((resolve) => patience.addEventListener("abort", resolve))]);
}

/** Resolves with true when the server takes connections, with false if it does not within this time. */
export async function answersWithin(url: string, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  do {
    const answers = await askOnce(url, "select 1").then(
      () => true,
      () => false,
    );
    if (answers) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  } while (performance.now() < until);
  return false;
}
