import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BytePath, pathOfBytes, pathOfText } from "../src/byte-path.ts";
import { reportJson, reportOf } from "../src/report.ts";
import {
  emptyTally,
  merge,
  mergeAll,
  type Tally,
  tallyOf,
  tallyOfFolder,
  tallyOfImport,
  tallyOfUnreadable,
  tallyOfUnresolved,
} from "../src/tally.ts";

const folder = fc.constantFrom("a", "b", "__proto__", "\xff").map((name) => name as BytePath);
const file = fc
  .tuple(fc.constantFrom("", "a/", "b/c/", "__proto__/"), fc.constantFrom("x", "y.ts", "é.ts"))
  .map(([at, name]) => pathOfText(at + name));
const facts = fc.record({
  bytes: fc.nat(),
  lines: fc.nat(5),
  binary: fc.boolean(),
  todos: fc
    .uniqueArray(fc.record({ line: fc.integer({ min: 1, max: 9 }), text: fc.string() }), {
      selector: (todo) => todo.line,
      maxLength: 3,
    })
    .map((todos) => todos.sort((a, b) => a.line - b.line)),
  specifiers: fc.constant([]),
});
const other = fc.oneof(
  folder.map(tallyOfFolder),
  fc.tuple(file, file).map(([from, to]) => tallyOfImport(from, to)),
  fc
    .tuple(file, fc.constantFrom("./a", "./\u{10000}", "./\uffff"))
    .map(([path, specifier]) => tallyOfUnresolved(path, specifier)),
);
const parts = fc
  .tuple(
    fc.uniqueArray(fc.tuple(file, facts), { selector: ([path]) => path }),
    fc.array(other),
    fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 3 }).map(pathOfBytes)),
  )
  .map(([files, others, unreadable]) => [
    ...files.map(([path, each]) => tallyOf(path, each)),
    ...others,
    ...unreadable.map((path) => tallyOfUnreadable(path, "EACCES")),
  ]);

/** Merges neighbours in the places that the choices say, until one is left. */
function mergeSomehow(tallies: readonly Tally[], choices: readonly number[]): Tally {
  const left = [...tallies];
  for (let turn = 0; left.length > 1; turn++) {
    const at = (choices[turn % choices.length] ?? 0) % (left.length - 1);
    left.splice(at, 2, merge(left[at] ?? emptyTally, left[at + 1] ?? emptyTally));
  }
  return left[0] ?? emptyTally;
}

describe("merge", () => {
  it("gives the same report in every order and every grouping", () => {
    const shuffled = parts.chain((tallies) =>
      fc.tuple(fc.constant(tallies), fc.shuffledSubarray(tallies, { minLength: tallies.length })),
    );

    fc.assert(
      fc.property(shuffled, fc.array(fc.nat(), { minLength: 1 }), ([tallies, mixed], choices) => {
        const expected = reportJson(reportOf(mergeAll(tallies)));

        expect(reportJson(reportOf(mergeSomehow(mixed, choices)))).toBe(expected);
      }),
    );
  });

  it("leaves a tally as it is when nothing is merged into it", () => {
    fc.assert(
      fc.property(parts, (tallies) => {
        const tally = mergeAll(tallies);

        expect(merge(emptyTally, tally)).toEqual(tally);
        expect(merge(tally, emptyTally)).toEqual(tally);
      }),
    );
  });

  it("survives JSON", () => {
    fc.assert(
      fc.property(parts, (tallies) => {
        const tally = mergeAll(tallies);

        expect(JSON.parse(JSON.stringify(tally))).toEqual(tally);
      }),
    );
  });

  it("keeps the ten longest, by lines and then by path, and no binary file", () => {
    const tallies = Array.from({ length: 30 }, (_, at) =>
      tallyOf(pathOfText(`f${at}`), { bytes: 0, lines: at % 6, binary: at === 29, todos: [], specifiers: [] }),
    );

    expect(mergeAll(tallies).longest.map((file) => `${file.path}:${file.lines}`)).toEqual(
      "f11:5 f17:5 f23:5 f5:5 f10:4 f16:4 f22:4 f28:4 f4:4 f15:3".split(" "),
    );
  });

  it("merges a hundred thousand parts", () => {
    const tallies = Array.from({ length: 100_000 }, (_, at) =>
      tallyOf(pathOfText(`f${at}.ts`), {
        bytes: 1,
        lines: 1,
        binary: false,
        todos: [{ line: 1, text: "TODO" }],
        specifiers: [],
      }),
    );

    const { folders, todos } = mergeAll(tallies);

    expect(folders).toEqual([
      { path: ".", files: 100_000, binaryFiles: 0, bytes: 100_000, lines: 100_000, todos: 100_000 },
    ]);
    expect(todos).toHaveLength(100_000);
  });
});
