import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { joinPath, pathOfText, ROOT } from "../src/byte-path.ts";
import { listFolder, unreadableBecause } from "../src/list-folder.ts";
import { tempDir } from "./temp-dir.ts";

describe("listFolder", () => {
  it("lists regular files and folders, and leaves out links and pipes", async () => {
    const dir = tempDir();
    mkdirSync(`${dir}/folder`);
    writeFileSync(`${dir}/file`, "");
    symlinkSync("file", `${dir}/link-to-file`);
    symlinkSync("folder", `${dir}/link-to-folder`);
    symlinkSync("nowhere", `${dir}/dangling`);
    execFileSync("mkfifo", [`${dir}/pipe`]);

    expect(await listFolder(pathOfText(dir))).toEqual({ files: ["file"], folders: ["folder"] });
  });

  it("leaves out folders named .git and node_modules, not files of these names", async () => {
    const dir = tempDir();
    for (const name of [".git", "node_modules"]) {
      mkdirSync(`${dir}/a/${name}`, { recursive: true });
      mkdirSync(`${dir}/b`, { recursive: true });
      writeFileSync(`${dir}/b/${name}`, "");
    }

    expect(await listFolder(pathOfText(`${dir}/a`))).toEqual({ files: [], folders: [] });
    expect(await listFolder(pathOfText(`${dir}/b`))).toEqual({ files: [".git", "node_modules"], folders: [] });
  });

  it("sorts by bytes, and keeps names that are not UTF-8", async () => {
    const dir = tempDir();
    const names = ["b", "a", "B", "\xff", "\xc3\xa9", "new\nline", "sp ace"];
    for (const name of names) writeFileSync(Buffer.from(`${dir}/${name}`, "latin1"), "");

    expect(await listFolder(pathOfText(dir))).toEqual({ files: [...names].sort(), folders: [] });
  });

  it("lists a folder whose own name is not UTF-8", async () => {
    const dir = tempDir();
    mkdirSync(Buffer.from(`${dir}/\xff/inside`, "latin1"), { recursive: true });
    const listing = await listFolder(pathOfText(dir));
    const [name] = "folders" in listing ? listing.folders : [];

    expect(name).toBe("\xff");
    expect(await listFolder(joinPath(pathOfText(dir), name ?? ROOT))).toEqual({ files: [], folders: ["inside"] });
  });

  it("says why a folder cannot be listed", async () => {
    const dir = tempDir();
    writeFileSync(`${dir}/file`, "");

    expect(await listFolder(pathOfText(`${dir}/gone`))).toEqual({ error: "ENOENT" });
    expect(await listFolder(pathOfText(`${dir}/file`))).toEqual({ error: "ENOTDIR" });
  });
});

describe("unreadableBecause", () => {
  it("throws what says nothing about the file: a shortage of the machine, an abort, a mistake", () => {
    const tooMany = Object.assign(new Error("too many open files"), { code: "EMFILE", syscall: "open" });
    const aborted = Object.assign(new Error("timed out"), { code: "turn_timeout" });

    for (const cause of [tooMany, aborted, new TypeError("no"), "text"]) {
      expect(() => unreadableBecause(cause)).toThrow(cause as Error);
    }
  });
});
