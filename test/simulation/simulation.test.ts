import { expect, it } from "vitest";
import { hasFailed, report } from "./report.ts";
import { simulateMany } from "./simulate-many.ts";
import { simulateSeed } from "./simulate-seed.ts";
import { noneYet } from "./sometimes.ts";
import { Trace } from "./trace.ts";

const MINUTES = 2;

it("keeps every promise in as many worlds as two minutes allow, and meets in them all that can befall it", async () => {
  const options = { seed: 1, seeds: Infinity, minutes: MINUTES, processes: 1, untilFailure: false, mutant: undefined };

  const total = await simulateMany(options, new AbortController().signal);

  console.log(report(total));
  expect(hasFailed(total), report(total)).toBe(false);
}, 300_000);

it("lives the same world for the same seed, to the last word of its trace", async () => {
  for (const seed of [3, 42, 212]) {
    const [once, again] = [await traceOf(seed), await traceOf(seed)];

    expect(once.length).toBeGreaterThan(100);
    expect(again).toEqual(once);
  }
});

async function traceOf(seed: number): Promise<string[]> {
  const lines: string[] = [];
  await simulateSeed(seed, noneYet(), new Trace((line) => lines.push(line)));
  return lines;
}
