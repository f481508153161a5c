import { setTimeout as wait } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { settledMemory } from "../settled-memory.ts";
import { callModel, scripts } from "./scripted-model.ts";

// The same calls in threads, one each, as many as fit: until half of the memory that was free is used, a thread does not
// start, or the time is over. A process of its own, told how many there are to be and how long it may take; prints JSON.

export interface Threads {
  readonly started: number;
  readonly stoppedBy: "done" | "memory" | "time" | "error";
  /** Bytes that a thread makes the process grow by. */
  readonly resident: number;
  /** Until all of them were halfway through their calls. */
  readonly startMs: number;
  /** Threads that the memory which was free would hold. */
  readonly wouldFit: number;
}

const AT_ONCE = 4;

/** A thread makes its call, says when it is halfway, and then waits for the end of the process. */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const callModel = ${callModel.toString()};
callModel(workerData, (token) => {
  if (token !== workerData.tokens / 2) return undefined;
  parentPort.postMessage("halfway");
  return new Promise(() => setInterval(() => {}, 1_000_000));
});`;

async function start(next: ReturnType<typeof scripts>, halfway: () => void): Promise<Worker> {
  const thread = new Worker(PROGRAM, { eval: true, workerData: next(), execArgv: [] });
  const { promise, resolve, reject } = Promise.withResolvers<Worker>();
  thread
    .once("online", () => resolve(thread))
    .once("message", halfway)
    .once("error", reject);
  return promise;
}

async function measure(calls: number, leastMs: number, limitMs: number): Promise<Threads> {
  const next = scripts(1, leastMs, 2 * leastMs);
  const before = await settledMemory();
  const free = process.availableMemory();
  const startedAt = performance.now();
  const threads: Worker[] = [];
  let stoppedBy: Threads["stoppedBy"] = "done";
  let halfway = 0;
  while (threads.length < calls && stoppedBy === "done") {
    const batch = Array.from({ length: Math.min(AT_ONCE, calls - threads.length) }, () =>
      start(next, () => void halfway++),
    );
    for (const started of await Promise.allSettled(batch)) {
      if (started.status === "rejected") stoppedBy = "error";
      else threads.push(started.value);
    }
    if (process.availableMemory() < free / 2) stoppedBy = "memory";
    if (performance.now() - startedAt > limitMs) stoppedBy = "time";
  }
  while (halfway < threads.length) await wait(10);
  const startMs = performance.now() - startedAt;
  const resident = ((await settledMemory()).rss - before.rss) / threads.length;
  return { started: threads.length, stoppedBy, resident, startMs, wouldFit: Math.floor(free / resident) };
}

if (import.meta.main) {
  const [calls = "", leastMs = "", limitMs = ""] = process.argv.slice(2);
  console.log(JSON.stringify(await measure(Number(calls), Number(leastMs), Number(limitMs))));
  process.exit();
}
