import { FIGURES, type Figure } from "./faults/fault.ts";
import { FAULTS, type FaultName } from "./faults/faults.ts";

/** What was counted while the faults went on. */
export interface Counts {
  /** How often each fault took effect. */
  readonly faults: Record<FaultName, number>;
  /** Commits refused since others had the shards. */
  fenced: number;
  /** Commits whose answer never arrived, so that nobody knew what had become of them. */
  unknown: number;
  messages: number;
}

export interface Goal {
  readonly what: string;
  readonly goal: number;
  readonly reached: number;
  /** The fault that brings it nearer; undefined where only time does. */
  readonly by?: FaultName;
}

const PER_HOUR: Readonly<Record<Figure | "fenced" | "unknown" | "messages", number>> = {
  kills: 1_000,
  pauses: 200,
  fenced: 50,
  restarts: 100,
  cuts: 500,
  unknown: 50,
  messages: 1_000_000,
};

/** How often the faults of one figure took effect. */
export function figureOf(figure: Figure, { faults }: Counts): number {
  let sum = 0;
  for (const [name, count] of Object.entries(faults)) {
    if (isOf(figure, name as FaultName)) sum += count;
  }
  return sum;
}

/** The figures for an hour's share of faults, and those that were reached. Every fault that was planned counts at least once. */
export function goalsOf(counts: Counts, planned: readonly FaultName[], hours: number): readonly Goal[] {
  const share = Math.min(1, hours);
  const goalOf = (what: keyof typeof PER_HOUR) => Math.ceil(PER_HOUR[what] * share);
  const of = (figure: Figure) => planned.filter((name) => isOf(figure, name));
  const figures = FIGURES.flatMap((figure): Goal[] => {
    const [by] = of(figure);
    return by === undefined ? [] : [{ what: figure, goal: goalOf(figure), reached: figureOf(figure, counts), by }];
  });
  const { fenced, unknown, messages } = counts;
  return [
    ...figures,
    ...(planned.includes("suspend")
      ? [{ what: "fenced commits", goal: goalOf("fenced"), reached: fenced, by: "suspend" as const }]
      : []),
    ...(planned.includes("cutWhenAnswered")
      ? [{ what: "unknown commits", goal: goalOf("unknown"), reached: unknown, by: "cutWhenAnswered" as const }]
      : []),
    { what: "messages", goal: goalOf("messages"), reached: messages },
    ...planned.map((name): Goal => ({ what: FAULTS[name].what, goal: 1, reached: counts.faults[name], by: name })),
  ];
}

/** Those that were missed. */
export function shortOf(goals: readonly Goal[]): readonly Goal[] {
  return goals.filter(({ goal, reached }) => reached < goal);
}

function isOf(figure: Figure, name: FaultName): boolean {
  const fault = FAULTS[name];
  return "figure" in fault && fault.figure === figure;
}
