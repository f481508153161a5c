import fc from "fast-check";
import { expect, it } from "vitest";
import { decode, encode } from "../src/index.ts";

const again = (value: unknown): unknown => decode(encode(value));

it("keeps what JSON loses: dates, maps, sets, bigints, bytes, typed arrays, undefined", () => {
  const value = {
    date: new Date(0),
    map: new Map<unknown, unknown>([[1, { two: new Map([["three", 3n]]) }]]),
    set: new Set(["a"]),
    big: 2n ** 90n,
    bytes: new Uint8Array([0, 255]),
    floats: new Float64Array([0.5]),
    nothing: undefined,
  };

  expect(again(value)).toEqual(value);
});

it("tells an object from a Map, wherever it lies", () => {
  expect(again(new Map([["a", 1]]))).toEqual(new Map([["a", 1]]));
  expect(again({ a: 1 })).toEqual({ a: 1 });
  expect(again([{ a: [new Map()] }, { a: 1 }])).toEqual([{ a: [new Map()] }, { a: 1 }]);
  expect(again(new Set([new Map([[{ k: 1 }, 2]])]))).toEqual(new Set([new Map([[{ k: 1 }, 2]])]));
});

it("gives a copy that shares nothing with the value", () => {
  const value = { bytes: new Uint8Array([1]), list: [{ a: 1 }] };

  const copy = again(value) as typeof value;
  value.bytes[0] = 9;
  (value.list[0] as { a: number }).a = 9;

  expect(copy).toEqual({ bytes: new Uint8Array([1]), list: [{ a: 1 }] });
});

it("refuses what it would lose: functions, symbols, circles", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;

  for (const value of [() => 1, { deep: [() => 1] }, Symbol("s"), circle]) {
    expect(() => encode(value)).toThrow(expect.objectContaining({ code: "value_unserializable" }));
  }
});

const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.date(),
  fc.constant(null),
  fc.uint8Array(),
);
const key = fc.string().filter((name) => name !== "__proto__");
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie("value")), fc.dictionary(key, tie("value")), tie("map")),
  map: fc.array(fc.tuple(leaf, tie("value"))).map((entries) => new Map(entries)),
}));

it("gives back any value as it was", () => {
  fc.assert(
    fc.property(anything, (value) => {
      expect(again(value)).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});
