import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import {
  isFault,
  parseAddress,
  type Runtime,
  type Settings,
  type Store,
  shardOf,
  startRuntime,
  systemClock,
} from "@troupe/core";
import { postgresBus, postgresStore } from "@troupe/postgres";
import { clockThatStandsStill } from "../journeys/clock-that-stands-still.ts";
import { chief } from "./load/chief.ts";
import { handAgent } from "./load/hand.ts";
import { door, hub, keeper } from "./load/hub.ts";
import { witnessAt } from "./witness.ts";
import type { Job, Said, Told, WorkerOrders } from "./worker-orders.ts";

// A worker as a process of its own. It loads its program, and joins when it is told to: so a killed one is replaced at
// once. It ends when its input does, and so with the driver that started it.

const RETRY_MS = 50;

function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

/** Tells of the commits whose end is out of the ordinary. */
function observed(store: Store): Store {
  const commit: Store["commit"] = async (batch) => {
    try {
      const outcome = await store.commit(batch);
      if (outcome.outcome === "fenced") say({ type: "fenced" });
      return outcome;
    } catch (error) {
      if (isFault(error, "store_unavailable") && error.message.includes("Query read timeout"))
        say({ type: "no_answer" });
      throw error;
    }
  };
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = name === "commit" ? commit : Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function settingsOf({ leaseMs }: WorkerOrders): Partial<Settings> {
  return {
    leaseMs,
    pollMs: 300,
    idleMs: 2_000,
    mailboxMessages: 64,
    graceMs: 1_000,
    // Every death here is a fault's, none a turn's: no message is given up for it.
    crashes: 1_000,
  };
}

/** Again and again, while the database is away. */
async function untilItAnswers<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isFault(error, "store_unavailable")) throw error;
      await wait(RETRY_MS);
    }
  }
}

async function join(orders: WorkerOrders): Promise<Runtime> {
  const { leaseMs, name } = orders;
  const timeouts = { connectTimeoutMs: leaseMs, statementTimeoutMs: 2 * leaseMs };
  const opened = await untilItAnswers(() => postgresStore({ url: orders.store, existing: true, ...timeouts }));
  const store = observed(opened);
  const lost = new Map<number, number>();
  const shardOfActor = (actor: string) => shardOf(parseAddress(actor).group, store.shards);
  const witness = witnessAt(orders.witness, (actor) => `${name}.${lost.get(shardOfActor(actor)) ?? 0}`);
  const start = () =>
    startRuntime({
      store,
      bus: postgresBus({ url: orders.bus, keepAliveMs: leaseMs }),
      agents: [hub, door, keeper, chief, handAgent(witness, chief)],
      settings: settingsOf(orders),
      clock: orders.standsStill ? clockThatStandsStill() : systemClock,
      onTrouble: (error) => {
        if (!isFault(error, "store_unavailable")) say({ type: "trouble", text: String(error) });
      },
    });
  const runtime = await untilItAnswers(start);
  runtime.events$.subscribe((event) => {
    if (event.type !== "shard_lost") return;
    lost.set(event.shard, (lost.get(event.shard) ?? 0) + 1);
    if (event.why === "lease_over") say({ type: "lease_over" });
  });
  say({ type: "joined" });
  return runtime;
}

async function submit(runtime: Runtime, { key, day, limits }: Job): Promise<void> {
  try {
    const run = await runtime.submit(hub, day, { key, limits });
    say({ type: "submitted", key, run: run.id });
  } catch (error) {
    say({ type: "not_submitted", key, why: isFault(error) ? error.code : String(error) });
  }
}

async function leave(runtime: Promise<Runtime> | undefined): Promise<void> {
  await (await runtime)?.close();
  process.exit();
}

const lines = createInterface({ input: process.stdin });
let runtime: Promise<Runtime> | undefined;
lines.on("line", (line) => {
  const told = JSON.parse(line) as Told;
  if (told.type === "join") runtime = join(told.orders);
  if (told.type === "submit") void runtime?.then((joined) => submit(joined, told.job));
  if (told.type === "leave") void leave(runtime);
});
lines.on("close", () => process.exit());
say({ type: "loaded" });
