import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Order, Reply } from "./host.ts";
import type { Measured, System } from "./system.ts";

const START_MS = 60_000;
/** What a round may take beyond its time: hops that are under way may be slow. */
const LATE_MS = 30_000;

const NODE = [process.execPath, "--conditions=source", "--no-deprecation", join(import.meta.dirname, "host.ts")];
/** No network but this machine's own loopback, and that of nobody else. */
const APART = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "apart"];

/** As in production, and nothing told to anyone. */
const ENVIRONMENT = {
  NODE_ENV: "production",
  DO_NOT_TRACK: "1",
  LANGSMITH_TRACING: "false",
  LANGCHAIN_TRACING_V2: "false",
  RESTATE_LOGGING: "ERROR",
};

/** A system in a process of its own. */
export class HostedSystem implements System, AsyncDisposable {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Starts the system in `file`, kept off every network if it is to be apart. */
  static async start(file: string, args: readonly unknown[], isApart: boolean): Promise<HostedSystem> {
    const [program = "", ...words] = isApart ? [...APART, ...NODE] : NODE;
    const child = spawn(program, [...words, join(import.meta.dirname, file)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: { ...process.env, ...ENVIRONMENT },
    });
    const system = new HostedSystem(child);
    try {
      await system.#ask({ do: "start", args }, START_MS);
    } catch (error) {
      await system[Symbol.asyncDispose]();
      throw error;
    }
    return system;
  }

  async round(ms: number): Promise<Measured> {
    return (await this.#ask({ do: "round", ms }, ms + LATE_MS)) as Measured;
  }

  /** Kills it: what becomes of it now is not measured, and a database is dropped with all who use it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async #ask(order: Order, withinMs: number): Promise<unknown> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(withinMs)]);
    try {
      const said = once(this.#process, "message", { signal });
      const gone = once(this.#process, "exit", { signal }).then(([code]) => {
        throw new Error(`its process ended with ${code}`);
      });
      const first = Promise.race([said, gone]);
      first.catch(() => undefined);
      this.#process.send(order);
      const [reply] = (await first) as [Reply];
      if ("error" in reply) throw new Error(reply.error);
      return reply.ok;
    } finally {
      over.abort();
    }
  }
}
