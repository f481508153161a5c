import { inject } from "vitest";
import { type FreshDatabase, freshDatabase } from "./fresh-database.ts";

/** The server that the tests of this run share: the one in `DATABASE_URL`, or one that starts now. */
export async function testServerUrl(): Promise<string> {
  const response = await fetch(inject("databaseDoor"));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** An empty database for one test or one file of tests. */
export async function testDatabase(): Promise<FreshDatabase> {
  return freshDatabase(await testServerUrl());
}
