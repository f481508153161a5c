import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Area, areaOf, TOP_FILES } from "../src/area.ts";
import { type BytePath, joinPath, pathOfText, ROOT } from "../src/byte-path.ts";
import type { Site } from "../src/site.ts";
import { mergeAll, type Tally } from "../src/tally.ts";
import { largeFolders, type Position, startOf, walk } from "../src/walk.ts";
import { tempDir } from "./temp-dir.ts";
import { withoutPrivileges } from "./without-privileges.ts";

const path = (text: string): BytePath => text as BytePath;
const ALL: Area = { parent: ROOT, files: true, folders: { first: path(" "), last: path("~") }, given: [] };

/** A site with these files; a name that ends in a slash is an empty folder. */
function siteOf(files: readonly string[], without: BytePath | null = null): Site {
  const dir = tempDir();
  for (const file of files) {
    mkdirSync(`${dir}/${file.slice(0, file.lastIndexOf("/") + 1)}`, { recursive: true });
    if (!file.endsWith("/")) writeFileSync(`${dir}/${file}`, "");
  }
  return { dir: pathOfText(dir), without };
}

type Walked = { readonly files: string[]; readonly tally: Tally; readonly chunkSizes: number[] };

async function walkAll(site: Site, area: Area, chunks = 8): Promise<Walked> {
  const pages = [];
  for (let at: Position | null = startOf(area); at; ) {
    const page = await walk(site, area, at, chunks);
    pages.push(page);
    at = page.next;
  }
  const found = pages.flatMap((page) => page.chunks);
  const filesOf = (chunk: (typeof found)[number]): string[] =>
    chunk.flatMap(({ folder, names }) => names.map((name) => joinPath(folder, name)));
  return {
    files: found.flatMap(filesOf),
    tally: mergeAll(pages.map((page) => page.tally)),
    chunkSizes: found.map((chunk) => filesOf(chunk).length),
  };
}

describe("walk", () => {
  it("goes through files before subfolders, both in byte order", async () => {
    const site = siteOf(["b.ts", "a/z/x", "a/y", "B", "a.b/x", "c/"]);

    expect((await walkAll(site, ALL)).files).toEqual(["B", "b.ts", "a/y", "a/z/x", "a.b/x"]);
  });

  it("finds the same files however small its pages are", async () => {
    const file = fc
      .array(fc.constantFrom("a", "b", "c.d", "e f"), { minLength: 1, maxLength: 4 })
      .map((names) => `${names.map((name) => `${name}-`).join("/")}file`);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(file, { maxLength: 12 }), async (files) => {
        const site = siteOf(files);
        const area = { ...ALL, files: false };

        const { files: found } = await walkAll(site, area, 1);

        expect(found.toSorted()).toEqual(files.filter((each) => each.includes("/")).toSorted());
      }),
      { numRuns: 50 },
    );
  });

  it("cuts a folder of many files into chunks, and goes on after the last file of a page", async () => {
    const files = Array.from({ length: 300 }, (_, at) => `flat/${String(at).padStart(3, "0")}`);
    const site = siteOf(files);

    const walked = await walkAll(site, ALL, 2);

    expect(walked.files).toEqual(files);
    expect(walked.chunkSizes).toEqual([64, 64, 64, 64, 44]);
  });

  it("ends its pages also where there are only folders", async () => {
    const site = siteOf(Array.from({ length: 2_500 }, (_, at) => `f/${at}/`));
    const first = await walk(site, ALL, startOf(ALL), 1);

    expect(first).toMatchObject({ chunks: [], next: { after: "" } });
    expect((await walkAll(site, ALL)).tally.folders.map((folder) => folder.path)).toEqual(["f"]);
  });

  it("stays in its area", async () => {
    const site = siteOf(["top", "a/x", "b/x", "b/given/x", "b/given-not/x", "c/x", "d/x"]);
    const range = { ...areaOf(ROOT, { first: path("b"), last: path("c") }), given: [path("b/given")] };

    expect((await walkAll(site, range)).files).toEqual(["b/x", "b/given-not/x", "c/x"]);
    expect((await walkAll(site, TOP_FILES)).files).toEqual(["top"]);
  });

  it("leaves out the store", async () => {
    expect((await walkAll(siteOf(["a/x", "a/store/y", "a/z/q"], path("a/store")), ALL)).files).toEqual([
      "a/x",
      "a/z/q",
    ]);
    expect((await walkAll(siteOf(["store/y", "z"], path("store")), ALL)).files).toEqual(["z"]);
  });

  it("tells of top-level folders, empty ones too, and of folders that cannot be listed", async () => {
    const site = siteOf(["a/x", "empty/", "gone/deep/y"]);
    chmodSync(site.dir, 0o755);
    chmodSync(`${site.dir}/gone/deep`, 0o000);
    const { tally } = await withoutPrivileges(() => walkAll(site, ALL));
    chmodSync(`${site.dir}/gone/deep`, 0o700);

    expect(tally.folders.map((folder) => folder.path)).toEqual(["a", "empty", "gone"]);
    expect(tally.unreadable).toEqual([{ path: "gone/deep", error: "EACCES" }]);
  });
});

describe("largeFolders", () => {
  it("names the subfolders of a folder that hold so many files, however deep", async () => {
    const site = siteOf(["a/1", "a/2", "a/large/x/1", "a/large/y/2", "a/large/3", "a/small/1", "a/small/2"]);
    const area = areaOf(ROOT, { first: path("a"), last: path("a") });

    expect(await largeFolders(site, area, 3, 9)).toEqual(["a/large"]);
    expect(await largeFolders(site, area, 2, 9)).toEqual(["a/large", "a/small"]);
    expect(await largeFolders(site, area, 2, 1)).toEqual(["a/large"]);
  });

  it("names the folders of an area of several", async () => {
    const site = siteOf(["a/1", "b/1", "b/2", "c/x/1", "c/x/2", "d/1", "d/2"]);

    expect(await largeFolders(site, areaOf(ROOT, { first: path("a"), last: path("c") }), 2, 9)).toEqual(["b", "c"]);
  });

  it("finds none at the top", async () => {
    expect(await largeFolders(siteOf(["a", "b", "c/d"]), TOP_FILES, 1, 9)).toEqual([]);
  });
});
