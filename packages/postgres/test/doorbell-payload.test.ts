import type { Doorbell } from "@troupe/core";
import { expect, it } from "vitest";
import { packBells, unpackBells } from "../src/doorbell-payload.ts";

const shard = (number: number): Doorbell => ({ about: "shard", shard: number });
const run = (id: string): Doorbell => ({ about: "run", run: id });

it("puts bells into one notification, each once", () => {
  const [payload, ...more] = packBells("me", [shard(3), run("a"), shard(3), run("a")]);

  expect(more).toEqual([]);
  expect(unpackBells("you", payload ?? "")).toEqual([shard(3), run("a")]);
});

it("splits what is too large for NOTIFY, and loses none of it", () => {
  const bells = [...Array(500).keys()].flatMap((n) => [shard(n), run(`run-${"x".repeat(50)}-${n}`)]);

  const payloads = packBells("me", bells);

  for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  const heard = payloads.flatMap((payload) => unpackBells("you", payload));
  expect(new Set(heard.map((bell) => JSON.stringify(bell)))).toEqual(
    new Set(bells.map((bell) => JSON.stringify(bell))),
  );
});

it("drops a bell that no notification can hold", () => {
  expect(packBells("me", [run("x".repeat(9_000))])).toEqual([]);
});

it.each(["", "{}", "no json", "[]", "7"])("hears nothing in %j", (payload) => {
  expect(unpackBells("you", payload)).toEqual([]);
});

it("does not hear what it sent itself: that was delivered at home", () => {
  expect(packBells("me", [shard(1)]).flatMap((payload) => unpackBells("me", payload))).toEqual([]);
});
