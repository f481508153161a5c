import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TOP_FILES } from "../src/area.ts";
import { pathOfText } from "../src/byte-path.ts";
import { readFiles } from "../src/read-files.ts";
import { tempDir } from "./temp-dir.ts";

const { signal } = new AbortController();

function makeSite(files: Readonly<Record<string, string>>) {
  const dir = tempDir();
  for (const [path, content] of Object.entries(files)) writeFileSync(`${dir}/${path}`, content);
  return { site: { dir: pathOfText(dir), without: null }, paths: Object.keys(files).map(pathOfText) };
}

describe("readFiles", () => {
  it("looks up imports that stay in the area, and hands on those that leave it", async () => {
    const { site, paths } = makeSite({ "a.ts": "import './b'; import './gone'; import './other/x'", "b.ts": "" });

    const reading = await readFiles(site, TOP_FILES, paths, signal);

    expect(reading.read).toBe(2);
    expect(reading.tally.imports).toEqual([{ from: ".", to: ".", count: 1 }]);
    expect(reading.tally.unresolved).toEqual([{ path: "a.ts", specifier: "./gone" }]);
    expect(reading.leaving).toEqual([{ importer: "a.ts", specifier: "./other/x" }]);
  });

  it("ends after some megabytes read", async () => {
    const { site, paths } = makeSite({ a: "x".repeat(3 * 1024 * 1024), b: "" });

    expect((await readFiles(site, TOP_FILES, paths, signal)).read).toBe(1);
  });

  it("ends when there is much to tell", async () => {
    const { site, paths } = makeSite({ a: "TODO\n".repeat(10_000), b: "" });

    const { read, tally } = await readFiles(site, TOP_FILES, paths, signal);

    expect([read, tally.todos.length]).toEqual([1, 10_000]);
  });

  it("takes a script that imports a hundred thousand times", async () => {
    const { site, paths } = makeSite({
      "a.js": "require('./a');\n".repeat(50_000) + "require('./x/y');".repeat(50_000),
    });

    const { tally, leaving } = await readFiles(site, TOP_FILES, paths, signal);

    expect(tally.imports).toEqual([{ from: ".", to: ".", count: 50_000 }]);
    expect(leaving).toHaveLength(50_000);
  });
});
