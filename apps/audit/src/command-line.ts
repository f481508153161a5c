import { Command, CommanderError } from "commander";
import { Complaint } from "./complaint.ts";

export type Options = {
  readonly dir: string | undefined;
  readonly json: boolean;
  readonly store: string | undefined;
  readonly key: string | undefined;
};

const EXAMPLES = `
Examples:
  pnpm start                                    map this repository
  pnpm start ~/code/app --json > map.json       map another one, for a program
  pnpm start ~/code/app --key app               go on where it was, if it was stopped
  pnpm start . --store postgres://me@db/audits  keep it in PostgreSQL

A finished audit with a --key is not done again: its report comes from the store.
Without --store, each key has a store in node_modules/.cache/troupe-audit; without --key
as well, it is removed at the end. A store inside DIR is no part of the map.

Exit code: 0 done, 1 the audit failed, 2 it could not begin, 130 stopped by Ctrl-C.
`;

/**
 * What the words after the program's name ask for; undefined when help was asked for, and given.
 *
 * @throws Complaint for what cannot be understood
 */
export function parseCommandLine(args: readonly string[]): Options | undefined {
  const command = new Command("pnpm start")
    .description("A troupe of agents maps a code base: files, lines, to-dos, and who imports from whom.")
    .argument("[DIR]", "the folder to map (default: this repository)")
    .option("--json", "print JSON, and nothing else, on the standard output")
    .option("--store <PATH|postgres://…>", "where the audit is kept while it runs, and after")
    .option("--key <KEY>", "the same store and key are the same audit")
    .helpOption("-h, --help", "print this")
    .addHelpText("after", EXAMPLES)
    .showSuggestionAfterError(false)
    .allowExcessArguments(false)
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  try {
    command.parse(args[0] === "--" ? args.slice(1) : args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new Complaint(error.message.replace(/^error: /, ""));
  }
  const { json = false, store, key } = command.opts<{ json?: boolean; store?: string; key?: string }>();
  const [dir] = command.args;
  for (const [name, value] of Object.entries({ DIR: dir, "--store": store, "--key": key })) {
    if (value?.trim() === "") throw new Complaint(`${name} is empty`);
  }
  return { dir, json, store, key };
}
