import { describe, expect, it } from "vitest";
import { callCli } from "./call-cli.ts";
import { tempFolder } from "./temp-folder.ts";

const ESCAPE = "\u001b";

describe("troupe", () => {
  it.each([["--help"], ["run", "--help"], ["inspect", "--help"], ["dead-letters", "--help"], ["migrate", "--help"]])(
    "helps with %s %s, in lines that fit a terminal, with examples",
    async (...args) => {
      const { code, stdout, stderr } = await callCli(args);

      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("Usage: troupe");
      expect(stdout).toContain("Examples:\n  $ ");
      expect(stdout.split("\n").filter((line) => line.length > 82)).toEqual([]);
    },
  );

  it("never shows the store of the environment: it may hold a password", async () => {
    const env = { TROUPE_STORE: "postgres://me:secret@127.0.0.1:1/db" };

    const help = await callCli(["inspect", "--help"], { env });
    const refused = await callCli(["inspect"], { env });

    expect(help.stdout).not.toContain("secret");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^troupe: the store does not answer: .+\n$/);
    expect(refused.stderr).not.toContain("secret");
  });

  it("prints its version", async () => {
    expect(await callCli(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it("helps on the standard error when nothing was asked", async () => {
    const { code, stdout, stderr } = await callCli([]);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: troupe");
  });

  it.each([
    [["inspct"], "unknown command 'inspct' (Did you mean inspect?)"],
    [["inspect", "--jsn"], "unknown option '--jsn' (Did you mean --json?)"],
    [["dead-letters", "--replay", "1", "--replay-all"], "cannot be used with"],
    [["inspect", "--limit", "none"], "It must be a whole number from 1."],
    [["inspect", "one", "two"], "too many arguments"],
    [["inspect", "--store"], "argument missing"],
    [["inspect", "--store", "mysql://me:secret@host/db"], "store mysql://…; write a folder, postgres://… or memory:"],
    [["inspect", "--store", "memory:"], "there is none to look into"],
    [["inspect", "--schema", "A B", "--store", "postgres://127.0.0.1:1/db"], "schema"],
    [["migrate", "--store", "folder"], "migrate is for postgres:// stores"],
    [["run"], "missing required argument 'script'"],
    [["run", "x.ts", "--store", "http://x"], "there is no file x.ts"],
  ])("says on one line what is wrong with %j, and exits with 2", async (args, text) => {
    await using folder = await tempFolder();

    const { code, stdout, stderr } = await callCli(args, { cwd: folder.path });

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^troupe: .+\n$/);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain("secret");
  });

  it.each([
    [["inspect", "--json", "--limt", "3"], "usage"],
    [["inspect", "--json"], "store_invalid"],
    [["inspect", "--json", "--store", "postgres://127.0.0.1:1/db"], "store_unavailable"],
    [["migrate", "--json", "--store", "postgres://127.0.0.1:1/db"], "store_unavailable"],
  ])("says it as a line of JSON for %j", async (args, code) => {
    await using folder = await tempFolder();

    const exit = await callCli(args, { cwd: folder.path });

    expect(exit).toMatchObject({ code: 2, stdout: "" });
    expect(exit.stderr.split("\n")).toHaveLength(2);
    expect(JSON.parse(exit.stderr)).toEqual({
      error: { code, message: expect.any(String), remedy: expect.stringMatching(/^(retry|fix_request|give_up)$/) },
    });
  });

  it("does not make a store only to look into it", async () => {
    await using folder = await tempFolder();

    const { stderr } = await callCli(["inspect"], { cwd: folder.path });
    const again = await callCli(["inspect"], { cwd: folder.path });

    expect(stderr).toBe("troupe: there is no store at .troupe; name one with --store or TROUPE_STORE\n");
    expect(again.stderr).toBe(stderr);
  });

  it("prints no colours into a pipe", async () => {
    const { stdout } = await callCli(["--help"]);

    expect(stdout).not.toContain(ESCAPE);
  });
});
