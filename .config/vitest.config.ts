import { dirname } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: dirname(import.meta.dirname),
  ssr: { resolve: { conditions: ["source", "module", "node"], externalConditions: ["source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "apps/*/test/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/postgres/setup.ts"],
    environment: "node",
    pool: "forks",
    // Timers that leak, and promises that nobody awaits, fail the run.
    dangerouslyIgnoreUnhandledErrors: false,
    restoreMocks: true,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
