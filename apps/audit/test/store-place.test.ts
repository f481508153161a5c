import { mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pathOfText } from "../src/byte-path.ts";
import { howToGoOn } from "../src/how-to-go-on.ts";
import { storePlace } from "../src/store-place.ts";
import { tempDir } from "./temp-dir.ts";

function place(options: { store?: string; key?: string }, dir = "/code") {
  const where = { repository: tempDir(), cwd: "/home/me", dir: pathOfText(dir) };
  return { ...storePlace({ store: undefined, key: undefined, ...options }, where), repository: where.repository };
}

describe("storePlace", () => {
  it("gives each key a store of its own, in a folder that no audit counts", () => {
    const { store, toRemove, without, repository } = place({ key: "k" });

    expect(store.startsWith(`${repository}/node_modules/.cache/`)).toBe(true);
    expect({ toRemove, without }).toEqual({ toRemove: undefined, without: null });
    expect(store.endsWith("/8254c329a92850f6")).toBe(true);
  });

  it("makes up a key where none is given, and has the store removed that nobody else could ask for", () => {
    const [one, two] = [place({}), place({})];

    expect(one.toRemove).toBe(one.store);
    expect(one.key).not.toBe(two.key);
  });

  it.each(["memory:", "postgres://me@db/x", "POSTGRESQL://db"])("takes %s as it is", (store) => {
    expect(place({ store })).toMatchObject({ store, without: null });
  });

  it("takes a path from where the user is", () => {
    expect(place({ store: "../s" }).store).toBe("/home/s");
  });

  it("leaves a store out of the folder that it lies in, also behind a link, also before it exists", () => {
    const dir = tempDir();
    mkdirSync(`${dir}/real`);
    symlinkSync("real", `${dir}/link`);

    expect(place({ store: `${dir}/link/new/store` }, dir).without).toBe("real/new/store");
    expect(place({ store: `${dir}-not` }, dir).without).toBeNull();
    expect(place({ store: `${dir}/s` }, "/").without).toBe(`${dir.slice(1)}/s`);
  });

  it("complains of a folder that lies in the store", () => {
    const dir = tempDir();

    for (const store of [dir, `${dir}/..`]) expect(() => place({ store }, dir)).toThrow("DIR lies in the store");
  });
});

describe("howToGoOn", () => {
  it("says what to type, quoted for a shell, without the password", () => {
    const kept = { key: "it's", toRemove: undefined, without: null };
    const say = (store: string, json = false, given: string | undefined = store) =>
      howToGoOn(pathOfText("/my code"), { store: given, json }, { ...kept, store });

    expect(say("/s", true)).toBe("to go on: npx -y pnpm@10.34.8 start '/my code' --json --store /s --key 'it'\\''s'");
    expect(say("postgres://me:secret@db/x")).toContain("--store 'postgres://me:***@db/x' --key");
    expect(howToGoOn(pathOfText("/c"), { store: undefined, json: false }, { ...kept, store: "/s" })).toBe(
      "to go on: npx -y pnpm@10.34.8 start /c --key 'it'\\''s'",
    );
    expect(say("memory:")).toBe("a store in memory leaves nothing to go on with");
  });
});
