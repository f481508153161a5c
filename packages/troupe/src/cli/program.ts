import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addDeadLettersCommand } from "./dead-letters-command.ts";
import { failureLine, failureOf } from "./failure.ts";
import { addInspectCommand } from "./inspect-command.ts";
import { addMigrateCommand } from "./migrate-command.ts";
import { addRunCommand } from "./run-command.ts";

const MORE_HELP = `
Exit codes: 0 done; 1 it failed; 2 wrong use, or a store that cannot be opened;
130 interrupted. Those of run are the script's own.

With --json, the standard output holds one JSON document and nothing else. An
error is a line on the standard error: a sentence, or with --json an object,
{ error: { code, message, remedy } }.

Environment: TROUPE_STORE and TROUPE_SCHEMA stand in for --store and --schema;
NO_COLOR turns colours off.

Examples:
  $ troupe run audit.ts --events
  $ troupe inspect
  $ troupe dead-letters audit-1 --replay-all
  $ troupe migrate --store postgres://localhost/agents`;

function makeProgram(): Command {
  const { version, description } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const program = new Command("troupe")
    .description(description)
    .version(version, "-v, --version")
    .exitOverride()
    // Commander's own way of saying what is wrong takes several lines; ours takes one.
    .configureOutput({ outputError: () => undefined })
    .addHelpText("after", MORE_HELP);
  addRunCommand(program);
  addInspectCommand(program);
  addDeadLettersCommand(program);
  addMigrateCommand(program);
  return program;
}

/** Runs the command line; the answer is the exit code. Only the script of `run` can go on afterwards. */
export async function runProgram(args: readonly string[]): Promise<number | undefined> {
  try {
    await makeProgram().parseAsync(args, { from: "user" });
    return undefined;
  } catch (error) {
    // Help and the version come as errors too, of exit code 0. Help that nobody asked for is wrong use.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help") return 2;
    const failure = failureOf(error);
    process.stderr.write(`${failureLine(failure, asksForJson(args))}\n`);
    return failure.exitCode;
  }
}

/** Also where the arguments could not be parsed. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? undefined : end).includes("--json");
}
