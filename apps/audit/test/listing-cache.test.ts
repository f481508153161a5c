import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pathOfText } from "../src/byte-path.ts";
import { listFolder } from "../src/list-folder.ts";
import { ListingCache } from "../src/listing-cache.ts";
import { tempDir } from "./temp-dir.ts";

function makeCache(): { cache: ListingCache; listed: string[] } {
  const listed: string[] = [];
  const cache = new ListingCache((path) => {
    listed.push(path);
    return listFolder(path);
  });
  return { cache, listed };
}

describe("ListingCache", () => {
  it("lists a folder once while it stays as it is", async () => {
    const { cache, listed } = makeCache();
    const dir = pathOfText(tempDir());

    await Promise.all([cache.list(dir), cache.list(dir)]);
    await cache.list(dir);

    expect(listed.length).toBeLessThanOrEqual(2);
    expect(await cache.list(dir)).toEqual({ files: [], folders: [] });
    expect(listed.length).toBeLessThanOrEqual(2);
  });

  it("lists it anew once it has changed", async () => {
    const { cache } = makeCache();
    const dir = tempDir();
    await cache.list(pathOfText(dir));

    writeFileSync(`${dir}/new`, "");
    utimesSync(dir, 1, 1);

    expect(await cache.list(pathOfText(dir))).toEqual({ files: ["new"], folders: [] });
  });

  it("keeps nothing of a folder that cannot be listed", async () => {
    const { cache } = makeCache();
    const dir = `${tempDir()}/later`;

    expect(await cache.list(pathOfText(dir))).toEqual({ error: "ENOENT" });
    mkdirSync(dir);
    expect(await cache.list(pathOfText(dir))).toEqual({ files: [], folders: [] });
  });
});
