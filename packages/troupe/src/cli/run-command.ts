import Module, { registerHooks } from "node:module";
import type { Command } from "commander";
import { becomeHost } from "../host.ts";
import { storeSort } from "../open-parts.ts";
import { failureOf } from "./failure.ts";
import { findScript } from "./find-script.ts";
import { onInterrupt } from "./interrupts.ts";
import { ScriptHost } from "./script-host.ts";
import { SCHEMA_HELP, type StoreOptions } from "./store-options.ts";

interface RunOptions extends StoreOptions {
  readonly events?: boolean;
}

const MORE_HELP = `
The script runs in this process, the way "node SCRIPT" runs it: types are
stripped, output and exit code are its own. What is added:

  --store    open({ agents }) in the script opens this store. A script that
             names a store itself keeps to it.
  --events   What the actors do, while they do it, a line each.
  Ctrl-C     Once: turns under way may end, the store is closed in order, and
             you are told which runs are unfinished and how they go on; exit
             code 130. Twice: at once. What was committed is kept either way.
             The same goes for SIGTERM (143) and SIGHUP (129). A script that
             listens to a signal itself is left to do so.
  "troupe"   A script outside any project can import this package all the same.

Examples:
  $ troupe run audit.ts
  $ troupe run audit.ts --events --store postgres://localhost/agents -- --root .
  $ TROUPE_STORE=memory: troupe run audit.ts`;

export function addRunCommand(program: Command): void {
  program
    .command("run")
    .summary("run a script, with its store, its events and a clean Ctrl-C")
    .description("Runs a TypeScript or JavaScript script that opens a troupe.")
    .argument("<script>", "a .ts, .mts, .js or .mjs file")
    .argument("[args...]", "what the script finds in process.argv; what begins with - goes behind --")
    .option(
      "--store <store>",
      `a folder, postgres://user:password@host:port/database, or memory: (default: $TROUPE_STORE, or else ".troupe")`,
    )
    .option("--schema <name>", SCHEMA_HELP)
    .option("--events", "show what happens, on the standard error")
    .addHelpText("after", MORE_HELP)
    .action(runScript);
}

function runScript(script: string, args: readonly string[], options: RunOptions): void {
  const path = findScript(script);
  if (options.store !== undefined) process.env.TROUPE_STORE = checkedStore(options.store);
  if (options.schema !== undefined) process.env.TROUPE_SCHEMA = options.schema;
  const host = new ScriptHost(options.events === true);
  becomeHost(host);
  onInterrupt(() => host.putAway());
  lendThisPackage();
  process.argv.splice(1, Number.POSITIVE_INFINITY, path, ...args);
  // What `node SCRIPT` calls: to the script it is the main module, and errors and exit codes are Node's own. Later, as
  // a script that throws at once would otherwise throw at us.
  setImmediate(() => Module.runMain(path));
}

function checkedStore(spec: string): string {
  try {
    storeSort(spec);
    return spec;
  } catch (error) {
    throw failureOf(error, 2);
  }
}

/** A script outside any project finds this package nonetheless. */
function lendThisPackage(): void {
  const own = import.meta.resolve("troupe");
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        const missing =
          error instanceof Error && "code" in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code));
        if (specifier === "troupe" && missing) return { url: own, shortCircuit: true };
        throw error;
      }
    },
  });
}
