import { join } from "node:path";
import { type Address, parseAddress, shardOf } from "@troupe/core";
import { LineProcess } from "../processes/line-process.ts";
import type { Work } from "./count-agents.ts";
import type { Said, WorkerOrders } from "./worker-process.ts";

const SHARDS = 16;
const PATIENCE_MS = 20_000;

type SaidOf<Type extends Said["type"]> = Extract<Said, { readonly type: Type }>;

/** A worker in a process of its own, seen from the test. */
export class WorkerProcess implements AsyncDisposable {
  readonly said: Said[] = [];
  /** The shards that it says it has. */
  readonly shards = new Set<number>();
  readonly #process: LineProcess<Said>;
  readonly #watchers = new Set<() => void>();

  constructor(orders: WorkerOrders) {
    const program = join(import.meta.dirname, "worker-process.ts");
    this.#process = new LineProcess(program, [JSON.stringify(orders)], (said) => this.#hear(said));
  }

  submit(work: Work): void {
    this.#process.tell(work);
  }

  /** The first thing of this type that it says, or has said, that fits; rejects when the process ends before. */
  async until<Type extends Said["type"]>(type: Type, fits: (said: SaidOf<Type>) => boolean = () => true) {
    let next = 0;
    return this.#watch(() => {
      for (; next < this.said.length; next++) {
        const said = this.said[next] as SaidOf<Type>;
        if (said.type === type && fits(said)) return said;
      }
      return undefined;
    });
  }

  async untilItHas(shards: number): Promise<void> {
    await this.#watch(() => (this.shards.size === shards ? true : undefined));
  }

  /** Turns it has committed so far. */
  get committed(): number {
    return this.said.filter(({ type }) => type === "turn_committed").length;
  }

  async untilItHasCommitted(turns: number): Promise<void> {
    await this.#watch(() => (this.committed >= turns ? true : undefined));
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#process.signal(signal);
  }

  /** `kill -9`. Resolves when nothing is left of the process. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #hear(said: Said): void {
    this.said.push(said);
    if (said.type === "shard_gained") this.shards.add(said.shard);
    if (said.type === "shard_lost") this.shards.delete(said.shard);
    for (const look of this.#watchers) look();
  }

  /** Waits for something; with a bound of its own, since a test that is cut off leaves its processes behind. */
  async #watch<T>(look: () => T | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const watcher = () => {
      const found = look();
      if (found !== undefined) resolve(found);
    };
    const late = setTimeout(() => {
      const last = this.said.slice(-20).map((said) => JSON.stringify(said));
      reject(
        new Error(
          `in vain after ${PATIENCE_MS} ms; the worker said last:\n${last.join("\n")}\n${this.#process.errors}`,
        ),
      );
    }, PATIENCE_MS);
    this.#watchers.add(watcher);
    void this.#process.gone.then((how) => reject(new Error(how)));
    watcher();
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#watchers.delete(watcher);
    }
  }
}

/** The shard in which an actor lives. */
export function shardOfActor(address: Address): number {
  return shardOf(parseAddress(address).group, SHARDS);
}
