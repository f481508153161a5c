import { describe, expect, it } from "vitest";
import { pathOfBytes, pathOfText } from "../src/byte-path.ts";
import { type Report, reportJson, reportOf, reportSchema } from "../src/report.ts";
import {
  emptyTally,
  mergeAll,
  tallyOf,
  tallyOfFolder,
  tallyOfImport,
  tallyOfUnreadable,
  tallyOfUnresolved,
} from "../src/tally.ts";

function smallReport(): Report {
  const script = pathOfText("src/a.ts");
  return reportOf(
    mergeAll([
      tallyOfFolder(pathOfText("empty")),
      tallyOfFolder(pathOfText("src")),
      tallyOf(script, {
        bytes: 20,
        lines: 2,
        binary: false,
        todos: [{ line: 2, text: "TODO" }],
        specifiers: ["./b", "../x"],
      }),
      tallyOf(pathOfText("logo"), { bytes: 5, lines: 0, binary: true, todos: [], specifiers: [] }),
      tallyOfImport(script, pathOfText("lib/b.ts")),
      tallyOfImport(script, pathOfText("lib/c.ts")),
      tallyOfUnresolved(script, "../x"),
      tallyOfUnreadable(pathOfBytes(Buffer.from([0xff])), "EACCES"),
    ]),
  );
}

describe("reportOf", () => {
  it("says everything that the tally knows", () => {
    expect(smallReport()).toEqual({
      files: 2,
      binaryFiles: 1,
      bytes: 25,
      lines: 2,
      folders: [
        { path: ".", files: 1, binaryFiles: 1, bytes: 5, lines: 0, todos: 0 },
        { path: "empty", files: 0, binaryFiles: 0, bytes: 0, lines: 0, todos: 0 },
        { path: "src", files: 1, binaryFiles: 0, bytes: 20, lines: 2, todos: 1 },
      ],
      extensions: [
        { extension: "", files: 1, lines: 0 },
        { extension: "ts", files: 1, lines: 2 },
      ],
      todos: [{ path: "src/a.ts", line: 2, text: "TODO" }],
      imports: [{ from: "src", to: "lib", count: 2 }],
      unresolved: [{ path: "src/a.ts", specifier: "../x" }],
      longest: [{ path: "src/a.ts", lines: 2 }],
      unreadable: [{ path: "\ufffd", error: "EACCES" }],
    });
  });

  it("fits its schema, also when there is nothing to say", () => {
    expect(reportSchema.parse(smallReport())).toEqual(smallReport());
    expect(reportSchema.parse(reportOf(emptyTally))).toMatchObject({ files: 0, folders: [] });
  });
});

describe("reportJson", () => {
  it("prints the same bytes whatever the order of the keys", () => {
    const report = smallReport();
    const backwards = reverseKeys(report) as Report;

    expect(Object.keys(backwards)[0]).toBe("unreadable");
    expect(reportJson(backwards)).toBe(reportJson(report));
  });

  it("ends in a newline and names its fields in the order of the documentation", () => {
    expect(reportJson(reportOf(emptyTally))).toMatch(
      /^\{\n {2}"files": 0,\n {2}"binaryFiles": 0,[\s\S]*"unreadable": \[\]\n\}\n$/,
    );
  });
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reverseKeys(each)]),
  );
}
