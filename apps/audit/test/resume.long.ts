import { it } from "vitest";
import { testDatabase } from "../../../test/postgres/test-database.ts";
import { surviveKills } from "./survive-kills.ts";
import { tempDir } from "./temp-dir.ts";

const KILLS = Number(process.env.TROUPE_AUDIT_KILLS ?? 30);

it(`survives ${KILLS} kills with its store in a folder`, async () => {
  await surviveKills({ store: `${tempDir()}/store`, kills: KILLS, killsEach: 10, early: 0.2 });
});

it(`survives ${KILLS} kills with its store in PostgreSQL`, async () => {
  await using database = await testDatabase();
  await surviveKills({ store: database.url, kills: KILLS, killsEach: 10, early: 0.2 });
});
