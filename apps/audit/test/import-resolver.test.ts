import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type BytePath, pathOfText } from "../src/byte-path.ts";
import { ImportResolver } from "../src/import-resolver.ts";
import { tempDir } from "./temp-dir.ts";

function makeResolver(): { dir: string; lead: (specifier: string) => Promise<string | undefined> } {
  const dir = tempDir();
  mkdirSync(`${dir}/a`);
  mkdirSync(`${dir}/b/folder`, { recursive: true });
  for (const file of ["b/one.ts", "b/folder/index.js"]) writeFileSync(`${dir}/${file}`, "");
  const resolver = new ImportResolver({ dir: pathOfText(dir), without: null });
  const lead = async (specifier: string): Promise<string | undefined> => {
    const { imports } = await resolver.tally({ importer: "a/x.ts" as BytePath, specifier });
    return imports[0]?.to;
  };
  return { dir, lead };
}

describe("ImportResolver", () => {
  it("finds files and folders on disk", async () => {
    const { lead } = makeResolver();

    expect(await lead("../b/one")).toBe("b");
    expect(await lead("../b/folder")).toBe("b");
    expect(await lead("../b/gone")).toBeUndefined();
  });

  it("follows no link, also not one to a folder", async () => {
    const { dir, lead } = makeResolver();
    symlinkSync("b", `${dir}/link`);
    symlinkSync("one.ts", `${dir}/b/link.ts`);

    expect(await lead("../link/one")).toBeUndefined();
    expect(await lead("../b/link")).toBeUndefined();
  });

  it("takes a way of a million steps, and one that is not there", async () => {
    const { lead } = makeResolver();

    expect(await lead(`../b/${"./".repeat(1_000_000)}one`)).toBe("b");
    expect(await lead(`./${"deep/".repeat(1_000_000)}one`)).toBeUndefined();
  });
});
