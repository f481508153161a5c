import type { RunHistory, Violation } from "./history.ts";
import type { RunIndex } from "./index-of-run.ts";

/** No cap was exceeded, and the account is what the rows say. */
export function checkLimits(history: RunHistory, index: RunIndex): Violation[] {
  const { run, channels, actors } = history;
  const { limits, spent } = run;
  const groups = channels.filter(({ kind }) => kind === "group");
  const children = Map.groupBy(childrenOf(history, index), (spawner) => spawner);
  const caps: readonly [what: string, found: number, limit: number][] = [
    ["turns", spent.turns, limits.turns],
    ["groups", groups.length, limits.groups],
    ["actors ever", actors.length, limits.actorsEver],
    ["actors living", spent.actorsLiving, limits.actors],
    ["depth", Math.max(...groups.map(({ depth }) => depth)), limits.depth],
    ["members", Math.max(...[...index.members.values()].map(({ length }) => length)), limits.members],
    ["children", Math.max(0, ...[...children.values()].map(({ length }) => length)), limits.children],
  ];
  const stopped = actors.filter(({ standing }) => standing === "stopped" || standing === "quarantined").length;
  const accounts: readonly [what: string, spent: number, found: number][] = [
    ["messages", spent.messages, history.messages.length],
    ["actors", spent.actors, actors.length],
    ["actors living", spent.actorsLiving, actors.length - stopped],
    ["groups", spent.groups, groups.length],
  ];
  return [
    ...caps
      .filter(([, found, limit]) => found > limit)
      .map(([what, found, limit]) => ({ promise: "caps", detail: `${run.id}: ${found} ${what}, allowed ${limit}` })),
    ...accounts
      .filter(([, booked, found]) => booked !== found)
      .map(([what, booked, found]) => ({
        promise: "account",
        detail: `${run.id}: ${booked} ${what} booked, ${found} found`,
      })),
    // A turn that may have killed its worker is charged without a row: never less, and never given back.
    ...(spent.turns < history.turns.length
      ? [{ promise: "account", detail: `${run.id}: ${spent.turns} turns booked, ${history.turns.length} found` }]
      : []),
  ];
}

/** The spawner of every member, and of every group by its admin; the root has none. */
function childrenOf({ actors }: RunHistory, { channels }: RunIndex): string[] {
  return actors.flatMap(({ spawner, channel }) =>
    spawner === null || channels.get(channel) === undefined ? [] : [spawner],
  );
}
