import { encode } from "@troupe/core";
import { describe, expect, it } from "vitest";
import { plainBytes, plainValue } from "../src/cli/plain-value.ts";

describe("plainValue", () => {
  it.each([
    [12n, "12"],
    [Number.NaN, "NaN"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Date(Number.NaN), "Invalid Date"],
    [new Map([["a", 1n]]), [["a", "1"]]],
    [new Set([1, 2]), [1, 2]],
    [new Uint8Array([1, 2, 3]), "AQID"],
    [{ deep: [{ at: 5n }] }, { deep: [{ at: "5" }] }],
    [null, null],
  ])("makes JSON of %o", (value, plain) => {
    expect(plainValue(value)).toEqual(plain);
  });
});

describe("plainBytes", () => {
  it("reads what was stored", () => {
    expect(plainBytes(encode({ at: new Date(0) }))).toEqual({ at: "1970-01-01T00:00:00.000Z" });
  });

  it("says what cannot be read", () => {
    expect(plainBytes(new Uint8Array([0xd9, 0x20]))).toMatch(/^\(2 bytes that cannot be read: /);
  });

  it("is not brought down by a body nested without end", () => {
    const arrays = new Uint8Array(200_001).fill(0x91);
    arrays[200_000] = 0xc0;

    expect(() => JSON.stringify(plainBytes(arrays))).not.toThrow();
  });
});
