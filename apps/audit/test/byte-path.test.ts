import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  comparePaths,
  displayPath,
  extensionOf,
  joinPath,
  nameOf,
  parentOf,
  pathOfBytes,
  pathOfText,
  ROOT,
  textOf,
  topFolderOf,
} from "../src/byte-path.ts";

describe("a byte path", () => {
  it("gives back the bytes it was made of, through JSON as well", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const path = pathOfBytes(bytes);

        expect([...bytesOf(JSON.parse(JSON.stringify(path)))]).toEqual([...bytes]);
      }),
    );
  });

  it("gives back the text it was made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(textOf(pathOfText(text))).toBe(text);
      }),
    );
  });

  it("is ordered by its bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        expect(comparePaths(pathOfBytes(a), pathOfBytes(b))).toBe(Buffer.compare(a, b));
      }),
    );
  });

  it("reads only the bytes of a view, not of the memory it looks at", () => {
    expect(pathOfBytes(new Uint8Array([97, 98, 99]).subarray(1, 2))).toBe("b");
  });

  it("is displayed with U+FFFD where it is not UTF-8, and as a dot when it is the root", () => {
    expect(displayPath(pathOfBytes(Buffer.from([0x61, 0xff])))).toBe("a\ufffd");
    expect(displayPath(ROOT)).toBe(".");
  });

  it.each([
    ["", "a", "a"],
    ["a", "", "a"],
    ["a", "b/c", "a/b/c"],
    ["/", "a", "/a"],
    ["/a/", "b", "/a/b"],
  ])("joins %j and %j to %j", (folder, rest, whole) => {
    expect(joinPath(pathOfText(folder), pathOfText(rest))).toBe(whole);
  });

  it.each([
    ["a/b/c.d.ts", "a/b", "c.d.ts", "a", "ts"],
    ["c", "", "c", ".", ""],
    [".hidden", "", ".hidden", ".", "hidden"],
    ["a.b/c", "a.b", "c", "a.b", ""],
    ["a/b.", "a", "b.", "a", ""],
  ])("%j has the parent %j, the name %j, the top-level folder %j and the extension %j", (text, ...parts) => {
    const path = pathOfText(text);

    expect([parentOf(path), nameOf(path), topFolderOf(path), extensionOf(path)]).toEqual(parts);
  });
});
