import type { Outcome } from "./drive.ts";
import { FAULTS } from "./faults/faults.ts";

/** A detail may name thousands of messages. */
const MOST_WORDS = 500;
const MOST_SHOWN = 40;

/** The outcome for people. */
export function report({ goals, violations, leftOut, checked, drainMs }: Outcome): string {
  const lines = goals.map(({ what, goal, reached }) => [
    what,
    reached.toLocaleString("en"),
    `of ${goal.toLocaleString("en")}`,
    reached >= goal ? "" : "MISSED",
  ]);
  const width = Math.max(...lines.map(([what = ""]) => what.length));
  const facts = Object.entries(checked);
  return [
    ...lines.map(
      ([what = "", reached = "", goal, missed]) => `${what.padEnd(width)}  ${reached.padStart(9)} ${goal} ${missed}`,
    ),
    ...Object.entries(leftOut).map(([name, why]) => `left out: ${FAULTS[name as keyof typeof FAULTS].what} (${why})`),
    "",
    ...facts.map(([what, count]) => `${what.padEnd(width)}  ${count.toLocaleString("en").padStart(9)}`),
    `drained after the last fault in ${Math.round(drainMs)} ms`,
    "",
    violations.length === 0
      ? "nothing was lost, doubled, out of order or over a limit"
      : `${violations.length} VIOLATIONS`,
    ...violations.slice(0, MOST_SHOWN).map(({ promise, detail }) => `  ${promise}: ${detail.slice(0, MOST_WORDS)}`),
  ].join("\n");
}
