import { describe, expect, it } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { callCli } from "./call-cli.ts";

describe("troupe migrate", () => {
  it("creates the schema, says what it did, and has nothing to do the second time", async () => {
    await using database = await testDatabase();
    const args = ["migrate", "--store", database.url];

    const first = await callCli(args);
    const second = await callCli(args);
    const json = await callCli([...args, "--json"]);

    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(
      /was created; it is at version \d+ now\. \d+ migrations:\n( {2}0001-\S+\n)( {2}\d{4}-\S+\n)+$/,
    );
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toMatch(/ is at version \d+: nothing to do\.\n$/);
    const { schema, from, to, applied } = JSON.parse(json.stdout);
    expect({ schema, applied, moved: to - from }).toEqual({ schema: "troupe", applied: [], moved: 0 });
    expect(first.stdout + json.stdout).not.toContain(`:${new URL(database.url).password}@`);
  });

  it("is done once when several processes do it at once", async () => {
    await using database = await testDatabase();
    const args = ["migrate", "--store", database.url, "--schema", "together", "--json"];

    const exits = await Promise.all([callCli(args), callCli(args), callCli(args)]);

    expect(exits.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(3).fill({ code: 0, stderr: "" }));
    const applied = exits.map(({ stdout }) => JSON.parse(stdout)).filter((answer) => answer.applied.length > 0);
    expect(applied).toHaveLength(1);
    expect(applied[0]).toMatchObject({ schema: "together", from: 0, to: applied[0].applied.length });
  });

  it("exits with 2 when there is no such database", async () => {
    await using database = await testDatabase();
    const url = new URL(database.url);
    url.pathname = "/nowhere";

    const { code, stdout, stderr } = await callCli(["migrate", "--store", url.href, "--json"]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(JSON.parse(stderr).error.code).toBe("store_invalid");
  });
});
