import { describe, expect, it } from "vitest";
import { simulateMany } from "../simulate-many.ts";
import { MUTANTS } from "./mutants.ts";

const SEEDS = 2_000;

describe("the simulated world", () => {
  it("has enough bugs planted in it", () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  });

  it.each(MUTANTS.map(({ name }) => name))(
    "notices the planted bug: %s",
    async (mutant) => {
      const options = { seed: 1, seeds: SEEDS, minutes: Infinity, processes: 1, untilFailure: true, mutant };

      const { failures, seeds } = await simulateMany(options, new AbortController().signal);

      expect(failures.length, `${seeds} worlds, and nothing was seen of it`).toBeGreaterThan(0);
      // A place that is not there any more is no bug that was noticed.
      expect(JSON.stringify(failures)).not.toContain("instead of one for");
    },
    300_000,
  );
});
