import type { Failure } from "./seed-process.ts";
import type { Total } from "./simulate-many.ts";
import { SOMETIMES } from "./sometimes.ts";

const SHOWN = 5;
/** In fewer worlds the rare ones may be missing by chance. */
const ENOUGH_SEEDS = 2_000;

export function progressLine({ seeds, ms, failures }: Total): string {
  return `${count(seeds)} worlds, ${count(rate(seeds, ms))} a second, ${failures.length} gone wrong`;
}

/** The whole of it, for people. */
export function report(total: Total): string {
  const { seeds, messages, turns, failures, sometimes, ms } = total;
  const width = Math.max(...SOMETIMES.map(({ length }) => length));
  return [
    ...failures.slice(0, SHOWN).flatMap(failureLines),
    ...(failures.length > SHOWN ? [`… and ${failures.length - SHOWN} more`] : []),
    "",
    ...SOMETIMES.map((what) => `${what.padEnd(width)}  ${count(sometimes[what]).padStart(12)}`),
    "",
    `${count(seeds)} worlds in ${(ms / 1_000).toFixed(0)} s, with ${count(messages)} messages and ${count(turns)} turns: ${failures.length} went wrong`,
    ...(missing(total).length > 0 ? [`never seen: ${missing(total).join("; ")}`] : []),
  ].join("\n");
}

export function hasFailed(total: Total): boolean {
  return total.failures.length > 0 || missing(total).length > 0;
}

/** What did not happen though it should have, in so many worlds. */
function missing({ seeds, sometimes }: Total): readonly string[] {
  return seeds < ENOUGH_SEEDS ? [] : SOMETIMES.filter((what) => sometimes[what] === 0);
}

function failureLines({ seed, violations }: Failure): string[] {
  return [
    "",
    `seed ${seed} went wrong; to see it: pnpm simulate --seed ${seed} --trace`,
    ...violations.slice(0, SHOWN).map(({ promise, detail }) => `  ${promise}: ${detail}`),
    ...(violations.length > SHOWN ? [`  … and ${violations.length - SHOWN} more`] : []),
  ];
}

function rate(seeds: number, ms: number): number {
  return ms === 0 ? 0 : (seeds / ms) * 1_000;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
