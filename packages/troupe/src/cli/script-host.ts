import type { RunRow } from "@troupe/core";
import type { Host, HostedTroupe } from "../host.ts";
import { plural } from "./amounts.ts";
import { coloursFor } from "./colours.ts";
import { eventLine } from "./event-line.ts";
import { printable } from "./printable.ts";

/** How long an interrupted script may take to say what is unfinished. */
const LOOK_MS = 1_000;
const MOST_RUNS = 3;

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Sits beside a script: shows its events, and closes what it has open when it is told to stop. */
export class ScriptHost implements Host {
  readonly #open = new Set<HostedTroupe>();
  readonly #showEvents: boolean;

  constructor(showEvents: boolean) {
    this.#showEvents = showEvents;
  }

  opened(troupe: HostedTroupe): void {
    this.#open.add(troupe);
    if (!this.#showEvents) return;
    const colours = coloursFor(process.stderr);
    troupe.watch((event) => {
      const line = eventLine(event, new Date(), colours);
      if (line !== undefined) say(line);
    });
  }

  closed(troupe: HostedTroupe): void {
    this.#open.delete(troupe);
  }

  /** Closes all that is open, and says what becomes of it. */
  async putAway(): Promise<void> {
    if (this.#open.size === 0) return;
    // A terminal has just shown ^C.
    const fresh = process.stderr.isTTY ? "\n" : "";
    say(`${fresh}troupe: interrupted; the turns under way may end. Once more stops at once.`);
    process.on("uncaughtException", sayUnlessClosed);
    await Promise.all([...this.#open].map(closeAndTell));
  }
}

async function closeAndTell(troupe: HostedTroupe): Promise<void> {
  const timeout = new Promise<RunRow[]>((resolve) => setTimeout(resolve, LOOK_MS, []));
  const unfinished = await Promise.race([troupe.unfinished(), timeout]).catch(() => []);
  try {
    await troupe.close();
  } catch (error) {
    say(`troupe: ${troupe.label} did not close cleanly: ${printable(String(error))}`);
  }
  for (const line of farewell(troupe, unfinished)) say(`troupe: ${line}`);
}

function farewell({ label, durable }: HostedTroupe, unfinished: readonly RunRow[]): string[] {
  const amount = plural(unfinished.length, "run");
  if (unfinished.length === 0) return [`${label} is closed.`];
  if (!durable) return [`${label} is closed, and with it ${amount} ${unfinished.length === 1 ? "is" : "are"} gone.`];
  const named = unfinished.slice(0, MOST_RUNS).map(({ id, key }) => printable(key ?? id));
  const others = unfinished.length > MOST_RUNS ? ", …" : "";
  const keyless = unfinished.some(({ key }) => key === null);
  return [
    `${label} is closed. ${amount} unfinished (${named.join(", ")}${others}): run the script again to go on.`,
    ...(keyless ? ["What was submitted without a key goes on too, but the script will submit it a second time."] : []),
  ];
}

/** What the script says because its troupe was closed under it is no news. */
function sayUnlessClosed(error: unknown): void {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "runtime_closed" || code === "store_closed") return;
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
