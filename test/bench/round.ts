/** What was counted in one stretch of time. */
export interface Round {
  readonly ms: number;
  readonly turns: number;
  /** Milliseconds that this thread had a processor. */
  readonly cpuMs: number;
  readonly commits: number;
  /** Milliseconds during which a commit was under way. */
  readonly committingMs: number;
  /** Milliseconds from one turn to the next, or of one commit. */
  readonly hops: readonly number[];
}

export function rateOf(round: Round): number {
  return (round.turns / round.ms) * 1_000;
}

/** What this thread has used since then, on whatever else the machine was busy with. */
export function cpuMsSince(then: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(then);
  return (user + system) / 1_000;
}

/** The value below which this share of the values lies; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
