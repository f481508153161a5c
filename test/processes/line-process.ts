import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A program in a process of its own, which is told things and says things in lines of JSON. */
export class LineProcess<Said> implements AsyncDisposable {
  /** Resolves, when nothing is left of the process, with how it ended and what it complained of. */
  readonly gone: Promise<string>;
  readonly #child: ChildProcess;
  #errors = "";

  constructor(program: string, args: readonly string[], hear: (said: Said) => void) {
    const child = spawn(process.execPath, ["--conditions=source", program, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    this.gone = new Promise((resolve) => {
      child.once("close", (code, signal) => resolve(`the process ended with ${signal ?? code}\n${this.#errors}`));
    });
    child.stdin.on("error", () => {}); // It may die while it is told something.
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-5_000);
    });
    createInterface({ input: child.stdout }).on("line", (line) => hear(JSON.parse(line) as Said));
  }

  /** What it has written to its standard error, the end of it. */
  get errors(): string {
    return this.#errors;
  }

  tell(line: object): void {
    this.#child.stdin?.write(`${JSON.stringify(line)}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** `kill -9`. Resolves when nothing is left of the process. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
