import { describe, expect, it } from "vitest";
import { count, dollars, duration, moment, plural } from "../src/cli/amounts.ts";

describe("duration", () => {
  it.each([
    [-5, "0 ms"],
    [0, "0 ms"],
    [999, "999 ms"],
    [1_000, "1 s"],
    [59_999, "59 s"],
    [61_000, "1 m 1 s"],
    [3_600_000, "1 h"],
    [90_061_000, "1 d 1 h"],
    [7 * 86_400_000, "7 d"],
  ])("says %i milliseconds in the two units that matter", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

it("says amounts as people write them", () => {
  expect(count(1_234_567)).toBe("1,234,567");
  expect(dollars(1_234_560_000)).toBe("$1,234.56");
  expect([plural(0, "run"), plural(1, "run"), plural(2_000, "run")]).toEqual(["0 runs", "1 run", "2,000 runs"]);
});

it("says a moment to the second, and does not fail at one that is none", () => {
  expect(moment(Date.UTC(2026, 2, 1, 12))).toMatch(/^2026-03-0[12] \d\d:\d\d:00$/);
  expect(moment(Number.MAX_SAFE_INTEGER)).toBe("unknown");
});
