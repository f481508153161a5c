import type { LogRow } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { InMailbox, ROW_BYTES } from "../../src/actor/in-mailbox.ts";

const MAX_MESSAGES = 5;
const MAX_BYTES = 6 * ROW_BYTES;

type Step =
  | { readonly do: "push" | "promise" | "keep" | "break"; readonly bytes: number }
  | { readonly do: "shift"; readonly count: number };

const bytes = fc.integer({ min: 0, max: 200 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom("push" as const, "promise" as const, "keep" as const, "break" as const), bytes }),
  fc.record({ do: fc.constant("shift" as const), count: fc.integer({ min: 1, max: 100 }) }),
);

function row(seq: number, size: number): LogRow {
  const body = new Uint8Array(size);
  return { channel: 1, seq, sender: "a", recipient: "b", kind: "k", body, cause: null, at: 0, headers: null };
}

it("keeps its order, its bytes and its promises as a plain list does", () => {
  const steps = fc.array(step, { maxLength: 60 });
  fc.assert(
    fc.property(steps, (program) => {
      const mailbox = new InMailbox();
      const rows: LogRow[] = [];
      const promised: number[] = [];
      let seq = 0;
      for (const act of program) {
        if (act.do === "shift") {
          const count = Math.min(act.count, rows.length);
          rows.splice(0, count);
          mailbox.shift(count);
        } else if (act.do === "push") {
          const next = row(++seq, act.bytes);
          rows.push(next);
          mailbox.push(next);
        } else if (act.do === "promise") {
          promised.push(act.bytes);
          mailbox.promise(act.bytes);
        } else {
          // A promise is kept (the message comes) or broken (it does not); either way it is a promise no more.
          const size = promised.shift();
          if (size === undefined) continue;
          mailbox.unpromise(size);
          if (act.do === "break") continue;
          const next = row(++seq, size);
          rows.push(next);
          mailbox.push(next);
        }
        const used = rows.reduce((sum, { body }) => sum + body.length + ROW_BYTES, 0);
        const owed = promised.reduce((sum, size) => sum + size + ROW_BYTES, 0);
        expect([mailbox.length, mailbox.bytes, mailbox.promised]).toEqual([rows.length, used, promised.length + owed]);
        expect([mailbox.at(0), mailbox.at(rows.length - 1), mailbox.at(rows.length)]).toEqual([
          rows[0],
          rows.at(-1),
          undefined,
        ]);
        const fits = rows.length + promised.length < MAX_MESSAGES && used + owed + 10 + ROW_BYTES <= MAX_BYTES;
        expect(mailbox.hasRoom(10, MAX_MESSAGES, MAX_BYTES)).toBe(fits);
      }
    }),
    { numRuns: 10_000 },
  );
});

it("gives back the space of what was consumed, and keeps the order of what was not", () => {
  const mailbox = new InMailbox();
  for (let seq = 1; seq <= 1_000; seq++) mailbox.push(row(seq, 1));

  const seen: number[] = [];
  for (let round = 0; round < 500; round++) {
    seen.push(mailbox.at(0)?.seq ?? 0, mailbox.at(1)?.seq ?? 0);
    mailbox.shift(2);
  }

  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
  expect([mailbox.length, mailbox.bytes]).toEqual([0, 0]);
});
