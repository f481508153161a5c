import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { printReport } from "../src/print-report.ts";
import { makeTree, unlockTree } from "./make-tree.ts";
import { oracleJson } from "./oracle.ts";
import { type Ended, runProgram, startProgram } from "./program.ts";
import { makeSlowTree } from "./slow-tree.ts";
import { tempDir } from "./temp-dir.ts";
import { NOBODY, withoutPrivileges } from "./without-privileges.ts";
import { waitForLines, witnessLines } from "./witness.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");

/** Someone to whom unreadable files are unreadable; root's checkout may be closed to anyone else. */
const uid = process.geteuid?.() === 0 && othersMayEnter(REPOSITORY) ? NOBODY : undefined;

function othersMayEnter(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function parse({ stdout }: Ended): { report: unknown; run: Record<string, number | string> } {
  return JSON.parse(stdout);
}

const AMPLE = { timeout: 60_000 };

describe("the program, on the nasty tree", AMPLE, () => {
  let dir: string;
  let expected: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "audit-"));
    chmodSync(dir, 0o755);
    makeTree(dir, 11);
    const oracle = async () => oracleJson(dir);
    expected = uid === undefined ? await oracle() : await withoutPrivileges(oracle);
  });
  afterAll(() => {
    unlockTree(dir);
    rmSync(dir, { recursive: true });
  });

  it("prints JSON and nothing else on the standard output, the same report each time", async () => {
    const options = uid === undefined ? {} : { uid };

    const runs = await Promise.all([1, 2].map(() => runProgram([dir, "--json", "--store", "memory:"], options)));

    for (const run of runs) {
      expect(run.code).toBe(0);
      const { report, run: summary } = parse(run);
      expect(`${JSON.stringify(report, undefined, 2)}\n`).toBe(expected);
      expect(summary).toEqual({
        id: expect.any(String),
        groups: expect.any(Number),
        agents: expect.any(Number),
        messages: expect.any(Number),
        turns: expect.any(Number),
        resumed: 0,
        seconds: expect.any(Number),
      });
    }
  });

  it("prints a report to read, without colour where nobody sees it", async () => {
    const { code, stdout, stderr } = await runProgram([dir, "--store", "memory:"], uid === undefined ? {} : { uid });

    expect(code).toBe(0);
    expect(stdout).toBe(printReport(JSON.parse(expected), { colour: false, width: 100 }));
    expect(stderr).toMatch(/^auditing .* \(key audit-[0-9a-f]{8}\)\n/);
  });

  it("ends well when its reader has seen enough", async () => {
    const { child, ended } = startProgram([dir, "--json", "--store", "memory:"]);
    const exit = new Promise((end) => child.once("exit", end));
    child.stdout?.once("data", () => child.stdout?.destroy());

    await expect(ended).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
    expect(await exit).toBe(0);
  });
});

describe("the program, with a store in a folder", AMPLE, () => {
  it("prints the stored report of a finished audit, and does nothing again", async () => {
    const dir = tempDir();
    mkdirSync(`${dir}/a`);
    writeFileSync(`${dir}/a/b.ts`, "import '../c'; // TODO\n");
    const env = { TROUPE_AUDIT_WITNESS: `${tempDir()}/witness`, INIT_CWD: dir };
    const args = [".", "--json", "--store", "kept/store", "--key", "it's mine"];

    const first = await runProgram(args, { env });
    const steps = witnessLines(env.TROUPE_AUDIT_WITNESS);
    const second = await runProgram(args, { env });
    const other = await runProgram([tempDir(), ...args.slice(1)], { env });
    rmSync(`${dir}/kept/store`, { recursive: true });

    expect([first.code, second.code]).toEqual([0, 0]);
    expect(`${JSON.stringify(parse(first).report, undefined, 2)}\n`).toBe(oracleJson(dir));
    expect(parse(second)).toEqual({ ...parse(first), run: { ...parse(first).run, seconds: expect.any(Number) } });
    expect(steps.length).toBeGreaterThan(0);
    expect(witnessLines(env.TROUPE_AUDIT_WITNESS)).toEqual(steps);
    expect(other).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^error: key it's mine belongs to an audit of another folder than .*\n$/),
    });
  });

  it("without a store, keeps nothing once the report is out", async () => {
    const dir = tempDir();
    const cache = `${REPOSITORY}/node_modules/.cache/troupe-audit`;
    const before = listed(cache);

    const { code, stdout } = await runProgram([dir, "--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout).report).toEqual(JSON.parse(oracleJson(dir)));
    expect(listed(cache)).toEqual(before);
  });
});

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

describe("the program, told to stop", AMPLE, () => {
  it("by Ctrl-C, stops cleanly and says how to go on, which makes the same report", async () => {
    const dir = tempDir();
    makeSlowTree(dir, 15);
    const args = [dir, "--json", "--store", `${tempDir()}/store`, "--key", "k"];

    const stopped = await stopAmidst(args, ["SIGINT"]);
    const words = /stopped; to go on: npx -y pnpm@10\.34\.8 start (.*)\n$/.exec(stopped.stderr)?.[1]?.split(" ");
    const resumed = await runProgram(words ?? []);

    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(words).toEqual(args);
    expect(resumed.code).toBe(0);
    expect(`${JSON.stringify(parse(resumed).report, undefined, 2)}\n`).toBe(oracleJson(dir));
    expect(parse(resumed).run.resumed).toBe(1);
  });

  it("by SIGTERM, stops cleanly too", async () => {
    const dir = tempDir();
    makeSlowTree(dir, 15);

    const { code, stdout, stderr } = await stopAmidst([dir, "--json", "--store", "memory:"], ["SIGTERM"]);

    expect({ code, stdout }).toEqual({ code: 143, stdout: "" });
    expect(stderr).toMatch(/stopped; a store in memory leaves nothing to go on with\n$/);
  });

  it("by Ctrl-C twice, stops at once", async () => {
    const dir = tempDir();
    makeSlowTree(dir, 15);

    const { code, stdout, stderr } = await stopAmidst([dir, "--json", "--store", "memory:"], ["SIGINT", "SIGINT"]);

    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/stopping; Ctrl-C again stops at once\n$/);
  });
});

/** Sends signals while files are being read, the second one when the first has been heard. */
async function stopAmidst(args: readonly string[], signals: readonly NodeJS.Signals[]): Promise<Ended> {
  const witness = `${tempDir()}/witness`;
  const { child, ended } = startProgram(args, { env: { TROUPE_AUDIT_WITNESS: witness } });
  const heard = new Promise<void>((resolve) => {
    child.stderr?.on("data", (text: Buffer) => text.includes("stopping;") && resolve());
  });
  await waitForLines(witness, 20, () => child.exitCode !== null);
  for (const signal of signals) {
    child.kill(signal);
    await Promise.race([heard, ended]);
  }
  return await ended;
}

describe("the program, asked for what cannot be", () => {
  const file = `${import.meta.dirname}/program.test.ts`;

  it.each<[string, readonly string[], RegExp]>([
    ["a DIR that is missing", ["/no/such\nfolder"], /DIR \/no\/such\\nfolder does not exist/],
    ["a DIR that is a file", [file], /DIR .*program\.test\.ts is not a folder/],
    ["an empty DIR", [""], /DIR is empty/],
    ["an empty key", ["--key", " "], /--key is empty/],
    ["an unknown option", ["--jsno"], /unknown option '--jsno'/],
    ["an option without its value", ["--store"], /option '--store .*' argument missing/],
    ["two folders", [".", ".."], /too many arguments/],
    ["a store that is a file", ["--store", file], /cannot open the store: .*program\.test\.ts/],
    [
      "a store in a folder of something else",
      ["--store", import.meta.dirname],
      /cannot open the store: .* other files/,
    ],
    ["a sort of store that there is not", ["--store", "mysql://me:secret@host/db"], /cannot open the store: .*mysql/],
    [
      "a database that does not answer",
      ["--store", "postgres://me:secret@127.0.0.1:1/db"],
      /cannot open the store: .*(ECONNREFUSED|127\.0\.0\.1:1)/,
    ],
  ])("says so in one line, and exits with 2: %s", async (_, args, line) => {
    const { code, stdout, stderr } = await runProgram(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toMatch(line);
    expect(stderr).not.toContain("secret");
  });

  it.skipIf(process.geteuid?.() === 0 && uid === undefined)("says so of a DIR that cannot be read", async () => {
    const dir = tempDir();
    chmodSync(dir, 0o000);

    const { code, stderr } = await runProgram([dir], uid === undefined ? {} : { uid });

    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: DIR .* cannot be read: permission denied\n$/);
  });

  it("takes a link for the folder it leads to", async () => {
    const dir = tempDir();
    mkdirSync(`${dir}/real`);
    symlinkSync("real", `${dir}/link`);

    const { code, stderr } = await runProgram([`${dir}/link`, "--store", "memory:"]);

    expect(code).toBe(0);
    expect(stderr).toContain(`auditing ${dir}/real`);
  });

  it("prints help, with examples", async () => {
    const { code, stdout } = await runProgram(["--help"]);

    expect(code).toBe(0);
    expect(stdout).toContain("Examples:");
  });
});
