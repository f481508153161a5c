import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Limits, TroupeEvent } from "troupe";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AuditInMemory, auditInMemory } from "./audit-in-memory.ts";
import { makeTree, unlockTree } from "./make-tree.ts";
import { oracleJson } from "./oracle.ts";
import { tempDir } from "./temp-dir.ts";
import { withoutPrivileges } from "./without-privileges.ts";

function kindsIn({ events }: AuditInMemory): Set<string> {
  return new Set(events.flatMap((event) => (event.type === "message_appended" ? [event.kind] : [])));
}

function refusalsIn({ events }: AuditInMemory): string[] {
  const refused = (event: TroupeEvent): event is Extract<TroupeEvent, { type: "refused" }> => event.type === "refused";
  return events.filter(refused).map(({ reason }) => reason);
}

const AMPLE = { timeout: 60_000 };

describe("the agents, on the nasty tree", AMPLE, () => {
  let dir: string;
  let expected: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "audit-"));
    chmodSync(dir, 0o755);
    makeTree(dir, 7);
    expected = await withoutPrivileges(async () => oracleJson(dir));
  });
  afterAll(() => {
    unlockTree(dir);
    rmSync(dir, { recursive: true });
  });

  it("make the same report as the oracle, and speak every kind of message", async () => {
    const audit = await withoutPrivileges(() => auditInMemory(dir));

    expect(audit.json).toBe(expected);
    const kinds = ["start", "own", "read", "facts", "who-owns", "where-lead", "imports-lead", "part", "done"];
    expect(kindsIn(audit)).toEqual(new Set(kinds));
    expect(refusalsIn(audit)).toEqual([]);
    expect(audit.events.filter((event) => event.type === "turn_failed")).toEqual([]);
  });

  it.each<[Partial<Limits>, string]>([
    [{ children: 1 }, "limit_children"],
    [{ children: 3 }, "limit_children"],
    [{ groups: 5 }, "limit_groups"],
    [{ depth: 2, members: 2 }, "limit_members"],
  ])("make the same report within %j", async (limits, reason) => {
    const audit = await withoutPrivileges(() => auditInMemory(dir, { limits }));

    expect(audit.json).toBe(expected);
    expect(refusalsIn(audit)).toContain(reason);
  });
});

describe("the agents", AMPLE, () => {
  it("let folders share a group where there are more than the supervisor lets them make", async () => {
    const dir = tempDir();
    for (let at = 0; at < 200; at++) {
      mkdirSync(`${dir}/${at}`);
      writeFileSync(`${dir}/${at}/index.ts`, `import "../${(at * 7) % 200}"; import "../${at}/gone"; // TODO`);
    }

    const audit = await auditInMemory(dir);

    expect(audit.json).toBe(oracleJson(dir));
    expect(audit.run.spent.groups).toBe(1 + 64);
  });

  it("give large folders groups of their own, down to the deepest level, and pass questions down to them", async () => {
    const dir = tempDir();
    const folders = ["a", "a/b", "a/b/c", "a/b/c/d", "a/b/c/d/e", "z"];
    for (const folder of folders) {
      mkdirSync(`${dir}/${folder}`, { recursive: true });
      for (let at = 0; at < 150; at++) {
        const target = folders[(at * 5) % folders.length];
        const up = "../".repeat(folder.split("/").length);
        writeFileSync(`${dir}/${folder}/${at}.ts`, `import "${up}${target}/${at + 1}"; import "${up}a/b/c"`);
      }
    }

    const audit = await auditInMemory(dir);

    expect(audit.json).toBe(oracleJson(dir));
    const groups = audit.events.flatMap((event) => (event.type === "group_spawned" ? [event.group] : []));
    expect(groups.map((group) => group.replace(/^[^/]*\//, "")).toSorted()).toEqual([
      "1-a",
      "1-a/1-b",
      "1-a/1-b/1-c",
      "1-a/1-b/1-c/1-d",
      "2-z",
      "top",
    ]);
  });

  it("read a folder of thousands of files with four readers and a state of a few kilobytes", async () => {
    const dir = tempDir();
    for (let at = 0; at < 5_000; at++) writeFileSync(`${dir}/file-${at}.txt`, "TODO\n");

    const audit = await auditInMemory(dir, { settings: { stateBytes: 96 * 1024, bodyBytes: 96 * 1024 } });

    expect(audit.json).toBe(oracleJson(dir));
    expect(audit.run.spent.actors).toBe(2 + 4);
  });

  it("hold imports back while thousands wait for an answer", async () => {
    const dir = tempDir();
    for (const folder of ["a", "b"]) mkdirSync(`${dir}/${folder}`);
    writeFileSync(`${dir}/b/0.ts`, "");
    const lines = Array.from({ length: 20_000 }, (_, at) => `import "../b/${at % 2 === 0 ? 0 : at}";\n`);
    writeFileSync(`${dir}/a/many.ts`, lines.join(""));

    const report = JSON.parse((await auditInMemory(dir)).json);

    expect(report.imports).toEqual([{ from: "a", to: "b", count: 10_000 }]);
    expect(report.unresolved).toHaveLength(10_000);
  });

  it("read a sparse file of a gigabyte no further than its first bytes", async () => {
    const dir = tempDir();
    writeFileSync(`${dir}/sparse`, "");
    truncateSync(`${dir}/sparse`, 2 ** 30);

    const { json } = await auditInMemory(dir);

    expect(JSON.parse(json)).toMatchObject({ files: 1, binaryFiles: 1, bytes: 2 ** 30, lines: 0 });
  });

  it("report nothing of an empty folder", async () => {
    const audit = await auditInMemory(tempDir());

    expect(JSON.parse(audit.json)).toMatchObject({ files: 0, folders: [], todos: [] });
  });

  it("report that a folder went away", async () => {
    const audit = await auditInMemory(`${tempDir()}/gone`);

    expect(JSON.parse(audit.json)).toMatchObject({ files: 0, unreadable: [{ path: ".", error: "ENOENT" }] });
  });

  it("fail, and say why, where a group can have no reader", async () => {
    const dir = tempDir();
    writeFileSync(`${dir}/a`, "");

    await expect(auditInMemory(dir, { limits: { actors: 2 } })).rejects.toMatchObject({
      code: "run_failed",
      message: expect.stringMatching(/owner@.*top could not handle own .* no room for another actor/),
    });
  });

  it("fail, and say why, where a bound cannot be kept", async () => {
    const dir = tempDir();
    writeFileSync(`${dir}/a`, "TODO\n".repeat(10_000));

    await expect(auditInMemory(dir, { settings: { stepBytes: 64 * 1024 } })).rejects.toMatchObject({
      code: "run_failed",
      message: expect.stringMatching(/reader-1@.* could not handle read .*larger than its bound/),
    });
  });
});
