import { type Migration, migrate } from "@troupe/postgres";
import type { Command } from "commander";
import { storeSort } from "../open-parts.ts";
import { plural } from "./amounts.ts";
import { failureOf, wrongUse } from "./failure.ts";
import { printJson, printLines } from "./output.ts";
import { addStoreOptions, type StoreOptions, schemaSpec, storeSpec } from "./store-options.ts";

interface MigrateOptions extends StoreOptions {
  readonly json?: boolean;
}

const MORE_HELP = `
Opening a store does the same. This command is for doing it as a step of its own,
before new code goes out, or as a user who may create tables where workers may
not. It can be run again, and by several at once.

--json prints { store, schema, from, to, applied }.

Examples:
  $ troupe migrate --store postgres://localhost/agents
  $ TROUPE_STORE=postgres://localhost/agents troupe migrate --schema staging`;

export function addMigrateCommand(program: Command): void {
  const command = program
    .command("migrate")
    .summary("create or upgrade the schema of a PostgreSQL store")
    .description("Creates the schema of a PostgreSQL store, or upgrades it to this version, and says what it did.");
  addStoreOptions(command)
    .option("--json", "print one JSON document")
    .addHelpText("after", MORE_HELP)
    .action(async (options: MigrateOptions) => {
      const schema = schemaSpec(options);
      const migration = await migrated(storeSpec(options), schema);
      const { label: store, from, to, applied } = migration;
      if (options.json) printJson({ store, schema: schema ?? "troupe", from, to, applied });
      else printLines(migrationLines(migration));
    });
}

async function migrated(spec: string, schema: string | undefined): Promise<Migration> {
  try {
    if (storeSort(spec) !== "postgres") {
      throw wrongUse(
        "migrate is for postgres:// stores; name one with --store. A folder is upgraded when it is opened",
      );
    }
    return await migrate(spec, schema === undefined ? {} : { schema });
  } catch (error) {
    throw failureOf(error, 2);
  }
}

function migrationLines({ label, from, to, applied }: Migration): string[] {
  if (applied.length === 0) return [`${label} is at version ${to}: nothing to do.`];
  const did = from === 0 ? "created" : `upgraded from version ${from}`;
  return [
    `${label} was ${did}; it is at version ${to} now. ${plural(applied.length, "migration")}:`,
    ...applied.map((name) => `  ${name}`),
  ];
}
