import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printReport } from "../src/print-report.ts";
import { type Report, reportOf } from "../src/report.ts";
import { emptyTally } from "../src/tally.ts";

const PLAIN = { colour: false, width: 80 };
const nothing: Report = reportOf(emptyTally);
const folder = { files: 1, binaryFiles: 0, bytes: 1, lines: 1, todos: 0 };

const report: Report = {
  files: 1_240,
  binaryFiles: 12,
  bytes: 5_432_100,
  lines: 98_765,
  folders: [
    { path: ".", files: 3, binaryFiles: 0, bytes: 999, lines: 30, todos: 0 },
    { path: "apps", files: 37, binaryFiles: 12, bytes: 1_431_101, lines: 8_735, todos: 0 },
    { path: "packages", files: 1_200, binaryFiles: 0, bytes: 4_000_000, lines: 90_000, todos: 2 },
  ],
  extensions: [
    { extension: "", files: 1, lines: 10 },
    { extension: "ts", files: 1_239, lines: 98_755 },
  ],
  todos: [
    { path: "packages/core/src/mailbox.ts", line: 12, text: "  // TODO: hold the order\twhile the head is retried" },
    { path: "packages/core/src/turn.ts", line: 7, text: "// FIXME" },
  ],
  imports: [
    { from: "apps", to: "apps", count: 44 },
    { from: "apps", to: "packages", count: 7 },
    { from: "packages", to: ".", count: 1_001 },
  ],
  unresolved: [{ path: "apps/audit/src/main.ts", specifier: "./gone" }],
  longest: [{ path: "packages/core/src/worker.ts", lines: 399 }],
  unreadable: [{ path: "apps/secret", error: "EACCES" }],
};

describe("printReport", () => {
  it("lines up what a person wants to know", () => {
    expect(printReport(report, PLAIN)).toMatchInlineSnapshot(`
      "1,240 files · 5.4 MB · 98,765 lines · 12 binary

      Folders
                  files  binary    size   lines  to-dos
        packages  1,200       0  4.0 MB  90,000       2
        apps         37      12  1.4 MB   8,735       0
        .             3       0   999 B      30       0

      Extensions
        ts 1,239 · (none) 1

      Imports between folders
        1,001  packages → .
            7  apps → packages

      To-dos
        packages/core/src/mailbox.ts:12  // TODO: hold the order while the head is re…
        packages/core/src/turn.ts:7      // FIXME

      Longest
        399  packages/core/src/worker.ts

      Imports that lead nowhere
        apps/audit/src/main.ts  ./gone

      Unreadable
        apps/secret  EACCES
      "
    `);
  });

  it("says that there is nothing", () => {
    expect(printReport(nothing, PLAIN)).toBe("0 files · 0 B · 0 lines\n");
  });

  it("sums the folders and counts the to-dos that it does not name", () => {
    const folders = Array.from({ length: 15 }, (_, at) => ({ path: `f${at}`, ...folder, bytes: 15 - at }));
    const todos = Array.from({ length: 25 }, (_, at) => ({ path: "a", line: at + 1, text: "TODO" }));

    const text = printReport({ ...nothing, folders, todos }, PLAIN);

    expect(text).toMatch(/\n {2}f11 .*\n {2}and 3 more {6}3 {7}0 {3}6 B {6}3 {7}0\n/);
    expect(text).toMatch(/\n {2}a:20 +TODO\n {2}and 5 more\n$/);
  });

  it("lets nothing that a file is called or says reach the terminal as a command", () => {
    const hostile = "\u001b[2J\u009b1m\r\n\u202e\u2028\u0007x";
    const text = printReport(
      {
        ...nothing,
        folders: [{ path: hostile, ...folder }],
        extensions: [{ extension: hostile, files: 1, lines: 1 }],
        todos: [{ path: hostile, line: 1, text: hostile }],
        imports: [{ from: hostile, to: "a", count: 1 }],
        unresolved: [{ path: hostile, specifier: hostile }],
        longest: [{ path: hostile, lines: 1 }],
        unreadable: [{ path: hostile, error: "EACCES" }],
      },
      { colour: false, width: 200 },
    );

    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).toContain("\\u{1b}[2J\\u{9b}1m\\u{d}\\n\\u{202e}\\u{2028}\\u{7}x");
  });

  it("keeps every line within the width, whatever the names", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 });

    fc.assert(
      fc.property(name, name, fc.integer({ min: 60, max: 160 }), (path, text, width) => {
        const printed = printReport(
          {
            ...nothing,
            folders: [{ path, ...folder }],
            extensions: [{ extension: text, files: 1, lines: 1 }],
            todos: [{ path, line: 1, text }],
            unresolved: [{ path, specifier: text }],
            longest: [{ path, lines: 1 }],
          },
          { colour: false, width },
        );

        for (const line of printed.split("\n"))
          expect([...new Intl.Segmenter().segment(line)].length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("keeps the end of a path and the beginning of a text", () => {
    const todo = { path: `${"deep/".repeat(20)}file.ts`, line: 3, text: `TODO ${"word ".repeat(40)}` };

    expect(printReport({ ...nothing, todos: [todo] }, PLAIN)).toMatch(
      /\n {2}…(?:ep|p)?\/(deep\/)+file\.ts:3 {2}TODO (word )+(w|wo|wor)?…\n$/,
    );
  });

  it("counts a wide character as two cells", () => {
    const folders = ["日本", "abcd"].map((path) => ({ path, ...folder }));

    expect(printReport({ ...nothing, folders }, PLAIN)).toContain(
      "  日本      1       0   1 B      1       0\n  abcd      1       0   1 B      1       0\n",
    );
  });

  it("differs in colour alone when colour is wanted", () => {
    const coloured = printReport(report, { colour: true, width: 80 });

    expect(coloured).toContain("\u001b[1mFolders\u001b[22m");
    expect(stripVTControlCharacters(coloured).replaceAll(/ +$/gm, "")).toBe(printReport(report, PLAIN));
  });
});
