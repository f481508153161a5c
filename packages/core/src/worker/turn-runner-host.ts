import type { Random } from "../ports/random.ts";
import type { RunEnd } from "../ports/rows.ts";
import type { RunLedger } from "../supervisor/run-ledger.ts";
import type { Traffic } from "../traffic.ts";
import type { TurnHost } from "../turn/turn-context.ts";
import type { Dispatcher } from "./dispatcher.ts";

/** What taking and ending turns needs of the worker. */
export interface TurnRunnerHost extends TurnHost {
  readonly random: Random;
  readonly traffic: Traffic;
  readonly dispatcher: Dispatcher;
  endRun(run: RunLedger, end: RunEnd): void;
  failed(error: unknown): void;
}
