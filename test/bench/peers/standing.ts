import { median, percentile } from "../round.ts";
import { table, whole } from "../table.ts";
import type { Measured } from "./system.ts";
import { type Candidate, TROUPE } from "./systems.ts";

/** How one system did. */
export interface Standing {
  readonly name: string;
  readonly lacks: string | null;
  /** Hops a second, the median of the rounds. */
  readonly rate: number;
  readonly min: number;
  readonly max: number;
  /** Troupe's rate to this one's in the same round, the median. NaN where Troupe was not measured. */
  readonly ratio: number;
  /** Milliseconds from one hop to the next, which is one hop's time where there is one token. */
  readonly hop: { readonly p50: number; readonly p99: number };
  readonly failure: string | null;
}

interface Entry {
  readonly candidate: Candidate;
  readonly rounds: readonly Measured[];
  readonly failure: string | undefined;
}

export function standingsOf(entries: readonly Entry[]): Standing[] {
  const ours = entries.find(({ candidate }) => candidate.name === TROUPE)?.rounds ?? [];
  return entries.map(({ candidate, rounds, failure }) => {
    const rates = rounds.map(rateOf);
    const ratios = rates.map((rate, place) => rateOf(ours[place]) / rate);
    const gaps = rounds.flatMap((round) => round.gaps);
    return {
      name: candidate.name,
      lacks: candidate.lacks ?? null,
      rate: median(rates),
      min: Math.min(...rates),
      max: Math.max(...rates),
      ratio: median(ratios),
      hop: { p50: percentile(gaps, 0.5), p99: percentile(gaps, 0.99) },
      failure: failure ?? null,
    };
  });
}

function rateOf(round: Measured | undefined): number {
  return round === undefined ? Number.NaN : (round.hops / round.ms) * 1_000;
}

/** The peer that comes closest to Troupe, among all or among those whose hop is all that Troupe's is. */
export function closest(standings: readonly Standing[], which: "any" | "whole"): Standing | undefined {
  return standings
    .filter(({ name, lacks, ratio }) => name !== TROUPE && ratio > 0 && (which === "any" || lacks === null))
    .reduce<Standing | undefined>(
      (best, peer) => (best === undefined || peer.ratio < best.ratio ? peer : best),
      undefined,
    );
}

/** Columns: rates, how much faster Troupe is, and what a hop takes where there is one token. */
export function standingTable(title: string, standings: readonly Standing[], withHops: boolean): readonly string[] {
  const head = [title, "per s", "min", "max", "Troupe to it", ...(withHops ? ["p50 ms", "p99 ms"] : []), ""];
  const rows = standings.map((standing) => {
    const { name, lacks, rate, min, max, ratio, hop, failure } = standing;
    if (failure !== null) return [name, "failed", "", "", "", ...(withHops ? ["", ""] : []), ""];
    const hops = withHops ? [hop.p50.toFixed(2), hop.p99.toFixed(2)] : [];
    const times = Number.isNaN(ratio) ? "" : ratio.toFixed(ratio < 10 ? 2 : 0);
    return [name, whole(rate), whole(min), whole(max), times, ...hops, lacks ?? ""];
  });
  return table([head, ...rows]);
}
