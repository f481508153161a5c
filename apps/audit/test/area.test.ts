import { describe, expect, it } from "vitest";
import { areaOf, covers, onlyFolderOf, TOP_FILES } from "../src/area.ts";
import { type BytePath, ROOT } from "../src/byte-path.ts";

const path = (text: string): BytePath => text as BytePath;

describe("an area", () => {
  const area = { ...areaOf(path("src"), { first: path("b"), last: path("d") }), given: [path("src/c/large")] };

  it.each([
    ["src/b", true],
    ["src/c/x.ts", true],
    ["src/d/e/f", true],
    ["src/c/larger", true],
    ["src/c/large", false],
    ["src/c/large/x", false],
    ["src/a", false],
    ["src/da", false],
    ["src/dozen", false],
    ["src", false],
    ["srcs/b", false],
    ["b", false],
    ["", false],
  ])("from b to d in src, without c/large, covers %j: %s", (each, expected) => {
    expect(covers(area, path(each))).toBe(expected);
  });

  it("of the files at the top covers what lies there, and the top itself", () => {
    expect(["a.ts", "", "a/b.ts"].map((each) => covers(TOP_FILES, path(each)))).toEqual([true, true, false]);
  });

  it("is one folder if its range has one name", () => {
    expect(onlyFolderOf(areaOf(ROOT, { first: path("a"), last: path("a") }))).toBe("a");
    expect(onlyFolderOf(area)).toBeUndefined();
    expect(onlyFolderOf(TOP_FILES)).toBeUndefined();
  });
});
