import type { RunInspection } from "@troupe/core";
import { count, dollars, duration } from "./amounts.ts";
import type { Colours } from "./colours.ts";
import type { Row } from "./table.ts";

/** What is spent, of what there is: one row a limit; red from nine tenths on. */
export function limitRows({ run, groups }: RunInspection, now: number, colours: Colours): Row[] {
  const { spent, limits } = run;
  const largest = Math.max(0, ...groups.map((group) => group.members.length));
  const deepest = Math.max(0, ...groups.map((group) => group.depth));
  const row = (name: string, used: number, of: number, say: (amount: number) => string): Row => ({
    cells: [
      { text: name },
      { text: say(used), align: "right", paint: used >= of * 0.9 ? colours.red : String },
      { text: say(of), align: "right" },
    ],
  });
  const title = { paint: colours.dim };
  return [
    {
      cells: [
        { text: "LIMIT", ...title },
        { text: "SPENT", align: "right", ...title },
        { text: "OF", align: "right", ...title },
      ],
    },
    row("turns", spent.turns, limits.turns, count),
    row("actors alive", spent.actorsLiving, limits.actors, count),
    row("actors ever", spent.actors, limits.actorsEver, count),
    row("groups", spent.groups, limits.groups, count),
    row("depth", deepest, limits.depth, count),
    row("largest group", largest, limits.members, count),
    row("model calls", spent.modelCalls, limits.modelCalls, count),
    row("tokens", spent.tokens, limits.tokens, count),
    row("cost", spent.cost, limits.cost, dollars),
    row("time", (run.endedAt ?? now) - run.createdAt, limits.wallMs, duration),
  ];
}
