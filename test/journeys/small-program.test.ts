import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { testDatabase } from "../postgres/test-database.ts";

const SUNG = JSON.stringify([1, 2, 3].map((place) => `voice${place} sings ooh`));

/** Runs the program to its end, and answers with what it said. */
async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const program = join(import.meta.dirname, "small-program.ts");
  const { DATABASE_URL: _, ...inherited } = process.env;
  const ran = promisify(execFile)(process.execPath, ["--conditions=source", program, ...args], {
    env: { ...inherited, ...env },
  });
  return (await ran).stdout.trim();
}

it("needs nothing special for a PostgreSQL that is somewhere else", async () => {
  await using database = await testDatabase();
  const env = { DATABASE_URL: database.url };

  const said = [await run([], env), await run([], env)];

  expect(said).toEqual([`new ${SUNG}`, `known ${SUNG}`]);
});

it("does the same in a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "troupe-journey-"));
  try {
    const args = [join(folder, "store")];

    const said = [await run(args, {}), await run(args, {})];

    expect(said).toEqual([`new ${SUNG}`, `known ${SUNG}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
