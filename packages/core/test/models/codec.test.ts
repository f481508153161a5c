import { decode, encode } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";

const options = { withMap: true, withSet: true, withDate: true, withBigInt: true, withTypedArray: true, maxDepth: 4 };
/** What messages and states are made of. `__proto__` is no key for anything that comes from others. */
const values = fc
  .anything({ ...options, key: fc.string({ unit: "grapheme" }).filter((key) => key !== "__proto__") })
  .filter((value) => !holds(value, (part) => Object.is(part, -0) || isStrange(part)));

function holds(value: unknown, isIt: (part: unknown) => boolean): boolean {
  if (isIt(value)) return true;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) return false;
  const parts = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  return parts.some((part) => holds(part, isIt));
}

/** An object without prototype comes back with one. */
function isStrange(part: unknown): boolean {
  return typeof part === "object" && part !== null && Object.getPrototypeOf(part) === null;
}

it("gives back what it was given: objects, maps, sets, dates, big numbers, bytes and what is undefined", () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(encode(value))).toStrictEqual(value);
    }),
    { numRuns: 10_000 },
  );
});

it("packs each value by itself: what is packed next does not change it", () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 5 }), (list) => {
      const packed = list.map(encode);

      expect(packed.map(decode)).toStrictEqual(list);
    }),
    { numRuns: 2_000 },
  );
});

it("is not thrown off by what could not be packed", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;

  for (const bad of [circle, { deep: [() => 1] }, { deep: Symbol("no") }]) {
    expect(() => encode({ before: 1, bad })).toThrow(expect.objectContaining({ code: "value_unserializable" }));
    expect(decode(encode({ after: [{ before: 1 }] }))).toEqual({ after: [{ before: 1 }] });
  }
});
