import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Lab } from "../lab.ts";
import { programFlags } from "../program.ts";
import type { RingPlan } from "../turns/rings.ts";
import type { Said } from "./load-process.ts";

/** A process with rings of actors that rest but when a round is asked for. */
export class Load implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when every token is in its place. */
  static async start(lab: Lab, url: string, rings: readonly RingPlan[]): Promise<Load> {
    const program = join(import.meta.dirname, "load-process.ts");
    const load = new Load(fork(program, [url], { execArgv: [...programFlags(lab)] }));
    await load.#ask(rings);
    return load;
  }

  round(ms: number): Promise<Said> {
    return this.#ask(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#child.connected) return;
    const gone = once(this.#child, "exit");
    this.#child.disconnect();
    await gone;
  }

  async #ask(what: number | readonly RingPlan[]): Promise<Said> {
    this.#child.send(what);
    const over = new AbortController();
    const ended = once(this.#child, "exit", { signal: over.signal }).then(([code]) => {
      throw new Error(`the process with the rings ended with ${code}`);
    });
    ended.catch(() => undefined);
    try {
      const [said] = await Promise.race([once(this.#child, "message", { signal: over.signal }), ended]);
      return said as Said;
    } finally {
      over.abort();
    }
  }
}
