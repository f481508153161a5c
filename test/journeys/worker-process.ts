import { createInterface } from "node:readline";
import { localBus, type Run, Runtime, systemClock, type TroupeEvent } from "@troupe/core";
import { openStore, postgresBus } from "@troupe/postgres";
import { clockThatStandsStill } from "./clock-that-stands-still.ts";
import { countAgents, type Work } from "./count-agents.ts";

// A worker as a process of its own. It is told what to do in its first argument, submits what comes on the standard
// input, and says what happens in lines of JSON. It ends when its input does, and so with the test that started it.

export interface WorkerOrders {
  /** A url or a folder. */
  readonly store: string;
  readonly leaseMs: number;
  readonly witness: string;
  readonly pauseMs: number;
  /** Takes time in which the process was stopped for time that has not passed, as a machine that was suspended does. */
  readonly standsStill?: boolean;
}

/** What a worker says. `at` is milliseconds since 1970. */
export type Said = { readonly at: number } & (
  | { readonly type: "ready" }
  | { readonly type: "trouble"; readonly text: string }
  | { readonly type: "result"; readonly result: unknown }
  | TroupeEvent
);

const SILENT = new Set(["message_appended", "turn_taken", "turn_settled", "budget"]);

if (import.meta.main) {
  const orders = JSON.parse(process.argv[2] ?? "{}") as WorkerOrders;
  const say = (event: object) => process.stdout.write(`${JSON.stringify({ at: Date.now(), ...event })}\n`);
  const trouble = (error: unknown) => say({ type: "trouble", text: String(error) });
  const [lead, ...others] = countAgents(orders);
  const store = await openStore(orders.store);
  const isPostgres = orders.store.startsWith("postgres");
  const bus = isPostgres ? postgresBus({ url: orders.store }) : localBus({ clock: systemClock });
  const runtime = new Runtime({
    store,
    bus,
    agents: [lead, ...others],
    settings: { leaseMs: orders.leaseMs },
    clock: orders.standsStill ? clockThatStandsStill() : systemClock,
    onTrouble: trouble,
  });
  runtime.events$.subscribe((event) => {
    if (!SILENT.has(event.type)) say(event);
  });
  await runtime.start();
  const tellResult = (run: Run) => run.result().then((result) => say({ type: "result", result }), trouble);
  for (const { id } of await store.listRuns(1)) {
    const run = await runtime.run(id);
    if (run) void tellResult(run);
  }
  say({ type: "ready" });

  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    runtime.submit(lead, JSON.parse(line) as Work, { key: "count" }).then(tellResult, trouble);
  });
  lines.on("close", () => process.exit());
}
