import { join } from "node:path";
import { migrate, postgresStore } from "@troupe/postgres";
import { seededRandom } from "@troupe/testing";
import { poolerIsInstalled, startPooler } from "../postgres/start-pooler.ts";
import { startPostgres } from "../postgres/start-postgres.ts";
import { Crew, type Post } from "./crew.ts";
import { Link } from "./network/link.ts";
import type { ChaosOptions } from "./options.ts";
import { Outside } from "./outside.ts";
import { mountSmallDisk } from "./small-disk.ts";
import { askOnce, type Stage } from "./stage.ts";
import { prepareWitness } from "./witness.ts";
import type { Said } from "./worker-orders.ts";

export interface OpenStage extends Stage, AsyncDisposable {
  readonly outside: Outside;
  readonly links: readonly Link[];
  readonly witness: string;
}

interface Hearers {
  hear(said: Said): void;
  died(how: string): void;
  /** The answer to a worker's commit was cut off. */
  unknownCommit(): void;
}

const LOG_MB = 128;
const TABLES_MB = 2_048;
/** How long the customers keep their runs open. */
const OPEN_MS = [4_000, 14_000] as const;

/** What is to be put away, the last first. */
type Cleanup = (() => Promise<unknown>)[];

/** A database on small disks with a pooler beside it, a witness, workers that reach it over links, and customers. */
export async function openStage(options: ChaosOptions, hearers: Hearers): Promise<OpenStage> {
  const cleanup: Cleanup = [];
  const close = async () => {
    for (const step of cleanup.splice(0).toReversed()) await step().catch((error: unknown) => console.error(error));
  };
  try {
    return { ...(await build(options, hearers, cleanup)), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(options: ChaosOptions, hearers: Hearers, cleanup: Cleanup) {
  const { leaseMs, seed } = options;
  const random = seededRandom(seed + 1);
  const database = await startDatabase(cleanup);
  const witness = await startWitness(cleanup);
  const links: Link[] = [];
  const linkTo = async (url: string, leftUnknown?: () => void) => {
    const link = await Link.to(Number(new URL(url).port), leftUnknown);
    links.push(link);
    cleanup.push(() => link[Symbol.asyncDispose]());
    return link;
  };
  const posts = await Promise.all(
    Array.from({ length: options.workers }, (_, place) =>
      makePost(place, database, (url) => linkTo(url, hearers.unknownCommit)),
    ),
  );
  const crew = new Crew(posts, { witness, leaseMs, random: random.next, ...hearers });
  cleanup.push(() => crew.close());

  const clientLink = await linkTo(database.url);
  const url = clientLink.through(database.url);
  const store = await postgresStore({ url, connectTimeoutMs: leaseMs, statementTimeoutMs: 2 * leaseMs });
  cleanup.push(() => store.close());
  const openMs = () => OPEN_MS[0] + random.next() * (OPEN_MS[1] - OPEN_MS[0]);
  const outside = new Outside({ store, crew, leaseMs, random: random.next, openMs, hands: options.hands });
  return { ...database, leaseMs, crew, clientLink, outside, links, witness };
}

/** The last of the posts stands behind the pooler, if there is one. */
async function makePost(
  place: number,
  { url, pooler }: { url: string; pooler: { readonly url: string } | undefined },
  linkTo: (url: string) => Promise<Link>,
): Promise<Post> {
  if (place > 0 || pooler === undefined) {
    const link = await linkTo(url);
    const way = link.through(url);
    return { link, orders: { store: way, bus: way } };
  }
  const [link, bells] = [await linkTo(pooler.url), await linkTo(url)];
  return { link, orders: { store: link.through(pooler.url), bus: bells.through(url) } };
}

async function startDatabase(cleanup: Cleanup) {
  const disks = await mountDisks(cleanup);
  const server = await startPostgres({
    initdb: ["--wal-segsize=1", ...(disks ? [`--waldir=${join(disks.log.path, "wal")}`] : [])],
    settings: {
      max_connections: 60,
      superuser_reserved_connections: 0,
      min_wal_size: "8MB",
      max_wal_size: "32MB",
      checkpoint_timeout: "30s",
    },
  });
  cleanup.push(() => server.stop());
  const { url } = server;
  await migrate(url);
  if (disks) await moveTables(url, disks.tables.path);
  const pooler = poolerIsInstalled() ? await startPooler(url, { server_login_retry: 1 }) : undefined;
  if (pooler) cleanup.push(() => pooler.stop());
  return { server, url, disks, pooler };
}

async function mountDisks(cleanup: Cleanup): Promise<Stage["disks"]> {
  try {
    const log = await mountSmallDisk(LOG_MB);
    cleanup.push(() => log.remove());
    const tables = await mountSmallDisk(TABLES_MB);
    cleanup.push(() => tables.remove());
    return { log, tables };
  } catch {
    return undefined;
  }
}

/** What every commit adds to goes to the disk that will be full. */
async function moveTables(url: string, path: string): Promise<void> {
  await askOnce(url, `create tablespace small location '${path}'`);
  for (const table of ["log", "turns", "steps"]) await askOnce(url, `alter table troupe.${table} set tablespace small`);
}

/** A server of its own: it sees what the workers do to the world, and nothing is done to it. */
async function startWitness(cleanup: Cleanup): Promise<string> {
  const server = await startPostgres({ settings: { fsync: false } });
  cleanup.push(() => server.stop());
  await prepareWitness(server.url);
  return server.url;
}
