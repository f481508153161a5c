import fc from "fast-check";
import { describe, it } from "vitest";
import type { OpenStore } from "../harness.ts";
import { lives } from "./commands.ts";
import { liveALife } from "./live-a-life.ts";

const TIMEOUT_MS = 300_000;

export function modelContract(open: OpenStore, runs: number): void {
  describe("any order of events", () => {
    it(`leads to what a simple model of a store says, in ${runs} random lives`, { timeout: TIMEOUT_MS }, () =>
      fc.assert(
        fc.asyncProperty(lives, async (commands) => {
          const harness = await open();
          try {
            await liveALife(harness, commands);
          } finally {
            await harness.close();
          }
        }),
        { numRuns: runs },
      ),
    );
  });
}
