import type { DeadLetter, RunId, Store } from "@troupe/core";
import { type Command, Option } from "commander";
import { plural } from "./amounts.ts";
import { coloursFor } from "./colours.ts";
import { deadLetterJson, deadLetterLines } from "./dead-letter-lines.ts";
import { findRun } from "./find-run.ts";
import { printJson, printLines, screenWidth } from "./output.ts";
import { printable } from "./printable.ts";
import { type Replayed, replayAll, replayOne } from "./replay-letters.ts";
import { addStoreOptions, type StoreOptions } from "./store-options.ts";
import { wholeNumber } from "./whole-number.ts";
import { withStore } from "./with-store.ts";

interface DeadLettersOptions extends StoreOptions {
  readonly replay?: string;
  readonly replayAll?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

const MORE_HELP = `
A message becomes a dead letter when its turn has failed for the last time. Sent
again, it leaves this list and goes to the end of its actor's mailbox. Nothing of
a run that has ended can be sent again: --replay fails, --replay-all passes over.

This command only sends. A worker on postgres:// takes the message up within a
second; with a folder, that is done by the script which opens it next.

--json prints { store, deadLetters } or { store, replayed, skipped }. Times are
milliseconds since 1970.

Examples:
  $ troupe dead-letters
  $ troupe dead-letters --replay 7:14:reader-3
  $ troupe dead-letters audit-1 --replay-all`;

export function addDeadLettersCommand(program: Command): void {
  const command = program
    .command("dead-letters")
    .summary("list messages that could not be handled, or send them again")
    .description("Lists the messages that could not be handled, the newest first, or sends them again.")
    .argument("[run]", "only those of this run: its id, its key, or the beginning of either");
  addStoreOptions(command)
    .addOption(new Option("--replay <id>", "send this one again").conflicts("replayAll"))
    .option("--replay-all", "send all of them again, in the order in which they died")
    .option("--limit <count>", "how many to list", wholeNumber, 50)
    .option("--json", "print one JSON document")
    .addHelpText("after", MORE_HELP)
    .action((run: string | undefined, options: DeadLettersOptions) =>
      withStore(options, async (store) => {
        const id = run === undefined ? undefined : (await findRun(store, run)).run.id;
        if (options.replay !== undefined) printReplayed(store, await replayOne(store, options.replay, id), options);
        else if (options.replayAll) printReplayed(store, await replayAll(store, id), options);
        else await list(store, id, options);
      }),
    );
}

async function list(store: Store, run: RunId | undefined, { limit, json }: DeadLettersOptions): Promise<void> {
  const letters = await store.deadLetters(run, limit);
  if (json) printJson({ store: store.label, deadLetters: letters.map(deadLetterJson) });
  else if (letters.length === 0) printLines([`There are no dead letters in ${run ? `run ${run}` : store.label}.`]);
  else printLines(listLines(letters, limit));
}

function listLines(letters: readonly DeadLetter[], limit: number): string[] {
  const view = { now: Date.now(), width: screenWidth(), colours: coloursFor(process.stdout) };
  const lines = letters.flatMap((letter) => [...deadLetterLines(letter, view), ""]);
  if (letters.length === limit) return [...lines, view.colours.dim(`The newest ${limit}; there may be more: --limit`)];
  return lines.slice(0, -1);
}

function printReplayed(store: Store, { replayed, skipped }: Replayed, { json }: DeadLettersOptions): void {
  if (json) printJson({ store: store.label, replayed, skipped });
  else printLines(replayedLines(replayed, skipped));
}

function replayedLines(replayed: readonly string[], skipped: readonly string[]): string[] {
  if (replayed.length + skipped.length === 0) return ["There was nothing to send again."];
  const left = skipped.length === 0 ? [] : [`${plural(skipped.length, "letter")} left: the run has ended`];
  return [...replayed.map((id) => `sent again: ${printable(id)}`), ...left];
}
