import { type Command, Option } from "commander";
import { DEFAULT_STORE } from "../open-parts.ts";

/** What names a store on the command line. */
export interface StoreOptions {
  readonly store?: string;
  readonly schema?: string;
}

const STORE_HELP = `a folder, or postgres://user:password@host:port/database (default: $TROUPE_STORE, or else "${DEFAULT_STORE}")`;
export const SCHEMA_HELP = `the Postgres schema that holds the store (default: $TROUPE_SCHEMA, or else "troupe")`;

/** `--store` and `--schema`. The environment is read later: its store may hold a password, and help shows defaults. */
export function addStoreOptions(command: Command): Command {
  return command
    .addOption(new Option("--store <store>", STORE_HELP))
    .addOption(new Option("--schema <name>", SCHEMA_HELP));
}

/** The store that a command is about. */
export function storeSpec(options: StoreOptions): string {
  return options.store ?? (process.env.TROUPE_STORE || DEFAULT_STORE);
}

export function schemaSpec(options: StoreOptions): string | undefined {
  return options.schema ?? (process.env.TROUPE_SCHEMA || undefined);
}
