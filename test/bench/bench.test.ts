import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { testServerUrl } from "../postgres/test-database.ts";

it("measures turns, hops and idle actors", async () => {
  const program = join(import.meta.dirname, "bench.ts");
  const env = { ...process.env, DATABASE_URL: await testServerUrl() };

  const bench = promisify(execFile)(process.execPath, ["--conditions=source", program, "--quick", "--json"], { env });
  const findings: unknown = JSON.parse((await bench).stdout);

  const rate = { turns: expect.any(Number) };
  expect(findings).toMatchObject({
    postgres: {
      sizes: [
        { active: 1, ...rate },
        { active: 16, ...rate },
      ],
    },
    memory: [{ active: 16, ...rate }],
    idle: [{ store: "memory" }, { store: "PostgreSQL" }],
  });
}, 60_000);
