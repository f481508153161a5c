import { describe, expect, it } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { doneAgain } from "./remembered.ts";
import { surviveKills } from "./survive-kills.ts";
import { tempDir } from "./temp-dir.ts";

const MINUTE = 60_000;

describe("an audit that is killed", () => {
  it(
    "goes on from a store in a folder, makes the same report, and does no remembered step again",
    () => surviveKills({ store: `${tempDir()}/store`, kills: 3, killsEach: 3, early: 0 }),
    2 * MINUTE,
  );

  it(
    "goes on from PostgreSQL just as well",
    async () => {
      await using database = await testDatabase();
      await surviveKills({ store: database.url, kills: 1, killsEach: 1, early: 0 });
    },
    2 * MINUTE,
  );
});

describe("the check for steps that are done again", () => {
  const remembered = {
    turns: new Map([["owner@r/a", 3]]),
    steps: new Set(["owner@r/a 3 walk:0", "reader-1@r/a 1 read:0"]),
    finished: false,
  };

  it("finds those of closed turns, and the remembered ones of open turns", () => {
    const again = ["step owner@r/a 2 walk:1", "step owner@r/a 3 walk:0", "step reader-1@r/a 1 read:0"];
    const lost = [
      "step owner@r/a 3 walk:1",
      "step owner@r/a 4 walk:0",
      "step reader-1@r/a 1 read:9",
      "step new@r/b 1 x",
    ];

    expect(doneAgain(remembered, [...again, ...lost, "done owner@r/a 2 walk:1"])).toEqual(again);
  });

  it("finds every step after the end", () => {
    expect(doneAgain({ ...remembered, finished: true }, ["step new@r/b 1 x"])).toEqual(["step new@r/b 1 x"]);
  });
});
