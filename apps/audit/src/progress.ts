import type { TroupeEvent } from "troupe";
import { oneLine } from "./complaint.ts";

/** What the progress is written to: the standard error, or what stands in for it in a test. */
export type Screen = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
};

const LIVE_MS = 100;
const LINE_MS = 3_000;
const CLEAR_LINE = "\r\u001b[2K";

const numbers = new Intl.NumberFormat("en");

/** Says how far an audit is: on a terminal in one line that changes, else in a line every few seconds. */
export class Progress {
  readonly #screen: Screen;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #doing: string | undefined;
  #files = 0;
  #spent = { groups: 0, actors: 0, messages: 0 };

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** What is being done before there is anything to count. */
  doing(text: string): void {
    this.#doing = text;
  }

  /** A line that stays. */
  say(text: string): void {
    this.#screen.write(`${this.#screen.isTTY ? CLEAR_LINE : ""}${oneLine(text)}\n`);
  }

  start(): void {
    this.#timer = setInterval(() => this.#show(), this.#screen.isTTY ? LIVE_MS : LINE_MS);
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE);
  }

  /** Counts what happens. Files are those that were read since this process began. */
  note(event: TroupeEvent): void {
    if (event.type === "budget") {
      this.#spent = event.spent;
      this.#doing = undefined;
    }
    if (event.type === "message_appended" && event.kind === "facts") {
      this.#files += (event.body as { files: number }).files;
    }
  }

  #show(): void {
    const seconds = `${Math.round((performance.now() - this.#startedAt) / 1000)} s`;
    const line = [...(this.#doing === undefined ? this.#amounts() : [this.#doing]), seconds].join(" · ");
    if (this.#screen.isTTY) this.#screen.write(CLEAR_LINE + line.slice(0, (this.#screen.columns ?? 80) - 1));
    else this.#screen.write(`${line}\n`);
  }

  #amounts(): string[] {
    const { groups, actors, messages } = this.#spent;
    const amounts = { "files read": this.#files, groups, agents: actors, messages };
    return Object.entries(amounts).map(([what, amount]) => `${numbers.format(amount)} ${what}`);
  }
}
