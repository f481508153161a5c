import { type Random, systemRandom } from "@troupe/core";
import { seededRandom } from "@troupe/testing";
import { describe, expect, it } from "vitest";

const DRAWS = 20_000;

describe.each<[string, Random]>([
  ["the system's randomness", systemRandom],
  ["seeded randomness", seededRandom(1)],
])("%s", (_, random) => {
  it("is spread evenly over [0, 1)", () => {
    const buckets = Array<number>(10).fill(0);
    for (let i = 0; i < DRAWS; i++) {
      const drawn = random.next();
      expect(drawn >= 0 && drawn < 1).toBe(true);
      buckets[Math.floor(drawn * 10)] = (buckets[Math.floor(drawn * 10)] ?? 0) + 1;
    }

    for (const count of buckets) expect(Math.abs(count - DRAWS / 10)).toBeLessThan(DRAWS / 50);
  });

  it("makes ids of 16 lower-case letters and digits, all of them used, no two alike", () => {
    const ids = Array.from({ length: DRAWS }, () => random.id());

    expect(ids.every((id) => /^[a-z0-9]{16}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(DRAWS);
    expect(new Set(ids.join("")).size).toBe(36);
  });
});

describe("seeded randomness", () => {
  it("is the same for the same seed, and another for another", () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return [random.next(), random.id(), random.next()];
    };

    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
    expect(draw(2 ** 40)).not.toEqual(draw(0));
  });
});
