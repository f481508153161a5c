import type { RunStatus } from "@troupe/core";
import type { Job } from "./worker-orders.ts";

/** Limits that are reached: the hands try to hire more than any of them allows. */
const TIGHT = { depth: 2, children: 6, members: 5, groups: 4, actors: 14, actorsEver: 16 };

/** The sorts of runs: how often each comes, of 100, what its limits are, and how it may end. */
export const SORTS = {
  plain: { share: 68, limits: {}, ends: ["quiescent"] },
  tight: { share: 14, limits: TIGHT, ends: ["quiescent"] },
  finish: { share: 6, limits: {}, ends: ["finished"] },
  cancel: { share: 4, limits: {}, ends: ["cancelled"] },
  turns: { share: 4, limits: { turns: 300 }, ends: ["failed", "quiescent"] },
  late: { share: 4, limits: { wallMs: 4_000 }, ends: ["failed", "quiescent"] },
} as const satisfies Record<string, { share: number; limits: Record<string, number>; ends: readonly RunStatus[] }>;

/** Prime to 100: jobs in a row are of sorts far apart. */
const STRIDE = 37;

export type JobSort = keyof typeof SORTS;

/** The sorts take turns, in their shares. */
export function newJob(number: number, hands: number): Job & { readonly sort: JobSort } {
  const sort = sortAt((number * STRIDE) % 100);
  const circles = sort === "tight" ? 5 : 3;
  return {
    key: `job-${number}`,
    sort,
    day: { circles, hands, finishes: sort === "finish" },
    limits: SORTS[sort].limits,
  };
}

function sortAt(place: number): JobSort {
  let sum = 0;
  for (const [sort, { share }] of Object.entries(SORTS)) {
    sum += share;
    if (place < sum) return sort as JobSort;
  }
  return "plain";
}
