import type { Findings } from "./measure.ts";

/** What was set as a goal, and what came of it. */
export interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly found: string;
  readonly reached: boolean;
}

/** The aims of which something was measured. */
export function judgeAims(findings: Findings): Aim[] {
  const aims: Aim[] = [];
  const at = <One extends { active: number }>(list: readonly One[] | undefined, active: number) =>
    list?.find((one) => one.active === active);

  const loaded = at(findings.postgres?.sizes, 256);
  if (loaded) {
    const found = `${loaded.ratio.median.toFixed(2)}`;
    aims.push({
      what: "PostgreSQL, 256 active: turns/s to the bare statement's",
      aim: "≥ 0.5",
      found,
      reached: loaded.ratio.median >= 0.5,
    });
  }
  const single = at(findings.postgres?.sizes, 1);
  if (single) {
    const times = single.hop.p50 / single.bareCommit.p50;
    aims.push({
      what: "PostgreSQL, 1 active: one hop to the bare round trip (p50)",
      aim: "≤ 1.5",
      found: times.toFixed(2),
      reached: times <= 1.5,
    });
  }
  const inMemory = at(findings.memory, 256);
  if (inMemory) {
    const found = Math.round(inMemory.turns).toLocaleString("en");
    aims.push({ what: "memory, 256 active: turns/s", aim: "≥ 300,000", found, reached: inMemory.turns >= 300_000 });
  }
  for (const idle of findings.idle?.filter(({ actors }) => actors >= 100_000) ?? []) {
    const per100k = (idle.rssMb / idle.actors) * 100_000;
    const what = `${idle.store}: 100,000 idle actors resident, MB`;
    aims.push({ what, aim: "≤ 300", found: per100k.toFixed(0), reached: per100k <= 300 });
  }
  return aims;
}
