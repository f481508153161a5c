import type { Outcome } from "./benchmark.ts";
import type { Machine } from "./machine.ts";
import { table } from "./table.ts";

export interface Findings {
  readonly machine: Machine;
  readonly outcomes: readonly Outcome[];
}

/** The findings for people. */
export function report({ machine, outcomes }: Findings): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const text = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; ${versions.join(", ")}`,
    `load average ${machine.load.join(" ")}; write and fdatasync of 8 KiB: ${machine.fdatasyncUs.toFixed(0)} µs (median)`,
    ...outcomes.flatMap(({ lines }) => (lines.length === 0 ? [] : ["", ...lines])),
  ];
  const aims = outcomes
    .flatMap((outcome) => outcome.aims)
    .map(({ what, aim, found, reached }) => [what, aim, found, reached ? "reached" : "MISSED"]);
  if (aims.length > 0) text.push("", ...table([["aim", "", "found", ""], ...aims]));
  return text.join("\n");
}

/** The findings for programs. */
export function json({ machine, outcomes }: Findings): string {
  const found = Object.fromEntries(outcomes.map((outcome) => [outcome.name, outcome.found]));
  return JSON.stringify({ machine, ...found, aims: outcomes.flatMap((outcome) => outcome.aims) });
}
