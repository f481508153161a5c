import { constants } from "node:os";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The exit code of a process that a signal ended, as shells have it. */
function exitCodeOf(signal: (typeof SIGNALS)[number]): number {
  return 128 + constants.signals[signal];
}

/** The first Ctrl-C asks for a clean end; the second ends the process at once. */
export class Interrupt {
  /** Resolves with the exit code when someone asks for the end. */
  readonly asked: Promise<number>;
  #code: number | undefined;

  constructor() {
    this.asked = new Promise((resolve) => {
      for (const signal of SIGNALS) {
        process.on(signal, () => {
          const code = exitCodeOf(signal);
          if (this.#code !== undefined) process.exit(code);
          this.#code = code;
          resolve(code);
        });
      }
    });
  }

  /** The exit code, once the end has been asked for. */
  get code(): number | undefined {
    return this.#code;
  }
}
