import { defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

// What takes minutes: `pnpm test:long`, by hand, before a release.
export default defineConfig({
  ...config,
  test: {
    ...config.test,
    include: ["packages/*/test/**/*.long.ts", "apps/*/test/**/*.long.ts", "test/**/*.long.ts"],
    testTimeout: 3_600_000,
  },
});
