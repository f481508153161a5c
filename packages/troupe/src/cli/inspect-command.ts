import type { Store } from "@troupe/core";
import type { Command } from "commander";
import { coloursFor } from "./colours.ts";
import { findRun } from "./find-run.ts";
import { printJson, printLines, screenWidth } from "./output.ts";
import { runJson } from "./run-json.ts";
import { runListLines } from "./run-list.ts";
import { runViewLines } from "./run-view.ts";
import { addStoreOptions, type StoreOptions } from "./store-options.ts";
import { wholeNumber } from "./whole-number.ts";
import { withStore } from "./with-store.ts";

interface InspectOptions extends StoreOptions {
  readonly limit: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

const MORE_HELP = `
RUN is the id of a run, its key, or the beginning of either.

A folder can be open in one process at a time: while a script has it open, it
cannot be looked into. A postgres:// store can, with any number of workers on it.

--json prints { store, runs } or, with RUN, { store, run, groups, deadLetters }.
Times are milliseconds since 1970.

Examples:
  $ troupe inspect
  $ troupe inspect audit-1 --store .troupe
  $ troupe inspect --json | jq '.runs[] | select(.status == "running") | .id'`;

export function addInspectCommand(program: Command): void {
  const command = program
    .command("inspect")
    .summary("list runs, or show how one of them stands")
    .description(
      "Lists the newest runs, or shows how one stands: what it has spent, its groups and actors, its dead letters.",
    )
    .argument("[run]", "the run to show; without it, runs are listed");
  addStoreOptions(command)
    .option("--limit <count>", "how many runs to list, the newest first", wholeNumber, 50)
    .option("--all", "show every line of a long tree")
    .option("--json", "print one JSON document")
    .addHelpText("after", MORE_HELP)
    .action((run: string | undefined, options: InspectOptions) =>
      withStore(options, (store) => (run === undefined ? list(store, options) : show(store, run, options))),
    );
}

async function list(store: Store, { limit, json }: InspectOptions): Promise<void> {
  const runs = await store.listRuns(limit);
  if (json) printJson({ store: store.label, runs: runs.map(runJson) });
  else if (runs.length === 0) printLines([`There are no runs in ${store.label}.`]);
  else printLines(runListLines(runs, Date.now(), screenWidth(), coloursFor(process.stdout)));
}

async function show(store: Store, word: string, { json, all = false }: InspectOptions): Promise<void> {
  const inspection = await findRun(store, word);
  if (json) printJson({ store: store.label, ...inspection, run: runJson(inspection.run) });
  else {
    const view = { now: Date.now(), width: screenWidth(), colours: coloursFor(process.stdout), all };
    printLines(runViewLines(inspection, view));
  }
}
