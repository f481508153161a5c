import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { testServerUrl } from "../postgres/test-database.ts";

it("measures everything once in a smoke run", async () => {
  const program = join(import.meta.dirname, "bench.ts");
  const cache = await mkdtemp(join(tmpdir(), "troupe-bench-"));
  // Its twenty processes need not all strip the same sources.
  const env = { ...process.env, DATABASE_URL: await testServerUrl(), NODE_COMPILE_CACHE: cache };

  const bench = promisify(execFile)(process.execPath, ["--conditions=source", program, "--quick", "--json"], { env });
  const findings: unknown = JSON.parse((await bench).stdout);

  await rm(cache, { recursive: true });
  const rate = { turns: expect.any(Number) };
  const times = [{ firstTurn: expect.any(Number), allTurns: expect.any(Number) }];
  expect(findings).toMatchObject({
    postgres: {
      sizes: [
        { active: 1, ...rate },
        { active: 16, ...rate },
      ],
    },
    embedded: [],
    memory: [{ active: 16, ...rate }],
    groups: [
      { size: 2, ...rate },
      { size: 12, ...rate },
    ],
    members: [{ size: 8, ...rate }],
    known: [{ size: 200, ...rate }],
    idle: [{ store: "memory" }, { store: "PostgreSQL" }],
    passive: [{ actors: 200 }],
    "take-over": [{ actors: 1_000, awake: 10, startUps: times, takeOvers: times }],
    calls: [{ ways: [{ way: "bare" }, { way: "memory" }, { way: "PostgreSQL" }], threads: { started: 8 } }],
    policy: [{ agents: 30, times: [expect.any(Number)] }],
  });
}, 120_000);
