import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportJson } from "../src/report.ts";
import { makeTree, unlockTree } from "./make-tree.ts";
import { oracleJson } from "./oracle.ts";
import { sequentialAudit } from "./sequential-audit.ts";
import { withoutPrivileges } from "./without-privileges.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "audit-"));
  chmodSync(dir, 0o755);
});
afterEach(() => {
  unlockTree(dir);
  rmSync(dir, { recursive: true });
});

describe("the parts of the audit, put together", () => {
  it.each([1, 2, 3, 4, 5])(
    "make the same report as the oracle, byte for byte, of the nasty tree with seed %i",
    async (seed) => {
      makeTree(dir, seed);

      const json = await withoutPrivileges(async () => [reportJson(await sequentialAudit(dir)), oracleJson(dir)]);

      expect(json[0]).toBe(json[1]);
    },
  );
});
