import { Client } from "pg";
import { expect, it } from "vitest";
import { startPostgres } from "./start-postgres.ts";
import { testDatabase } from "./test-database.ts";

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

it("keeps what was committed when the server is killed and restarted", async () => {
  await using server = await startPostgres();
  await ask(server.url, "create table kept (n int); insert into kept values (7)");

  await server.kill();
  await expect(ask(server.url, "select 1")).rejects.toThrow("ECONNREFUSED");
  await server.restart();

  expect(await ask(server.url, "select n from kept")).toEqual([{ n: 7 }]);
});

it("gives each test a database of its own", async () => {
  await using one = await testDatabase();
  await using other = await testDatabase();

  await ask(one.url, "create table mine (n int)");

  expect(await ask(other.url, "select to_regclass('mine') as found")).toEqual([{ found: null }]);
});
