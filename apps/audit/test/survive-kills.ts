import { mkdirSync, writeFileSync } from "node:fs";
import { expect, onTestFinished } from "vitest";
import { auditWithKills } from "./killing.ts";
import { makeTree, unlockTree } from "./make-tree.ts";
import { randomFrom } from "./random.ts";
import { makeSlowTree } from "./slow-tree.ts";
import { tempDir } from "./temp-dir.ts";

/**
 * Has one audit after the other killed at random moments, until there were so many kills, and holds each against an
 * undisturbed one and the oracle. The moments are others each time; the seed is in the message of a failure.
 */
export async function surviveKills(options: {
  readonly store: string;
  readonly kills: number;
  readonly killsEach: number;
  /** How many of the kills come before anything was done. */
  readonly early: number;
}): Promise<void> {
  const { store, killsEach, early } = options;
  const seed = Date.now() % 1_000_000;
  const random = randomFrom(seed);
  const dir = tempDir();
  makeTree(dir, seed);
  onTestFinished(() => unlockTree(dir));
  makeSlowTree(`${dir}/slow`, 6);
  makeFlatTree(`${dir}/flat`);

  for (let left = options.kills; left > 0; ) {
    const key = `audit-${left}`;
    const witness = `${tempDir()}/witness`;
    const survived = await auditWithKills({
      dir,
      store,
      key,
      witness,
      kills: Math.min(left, killsEach),
      early,
      random,
    });
    if (process.env.TROUPE_AUDIT_TELL) console.log(key, seed, { ...survived, reports: undefined });

    const [killed, undisturbed, expected] = survived.reports;
    expect(killed === undisturbed && killed === expected, `the reports are the same (seed ${seed})`).toBe(true);
    expect(survived.doneAgain, `steps that were remembered and done again (seed ${seed})`).toEqual([]);
    expect(survived.resumed).toBeLessThanOrEqual(survived.kills);
    left -= survived.kills;
  }
}

/** Many small files, which take many turns to read. */
function makeFlatTree(dir: string): void {
  mkdirSync(dir);
  for (let at = 0; at < 3_000; at++)
    writeFileSync(`${dir}/${at}.js`, `require("../${at % 7 === 0 ? "b/one" : at}");\n`);
}
