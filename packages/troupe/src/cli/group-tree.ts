import { type ActorSummary, type RunInspection, WAKE_ON_MAIL } from "@troupe/core";
import { count, duration, plural } from "./amounts.ts";
import { type Colours, standingPaint } from "./colours.ts";
import { printable } from "./printable.ts";
import type { Row } from "./table.ts";

type Group = RunInspection["groups"][number];

interface Branch {
  readonly group: Group;
  readonly below: readonly Branch[];
}

/** The groups of a run as a tree, each with its members and then the groups below it. */
export function groupTreeRows(groups: readonly Group[], now: number, colours: Colours): Row[] {
  const titles = ["GROUPS AND ACTORS", "AGENT", "STANDING", "TURN", "UNREAD"];
  const title = titles.map((text, at) => ({ text, paint: colours.dim, ...(at > 2 && { align: "right" as const }) }));
  const rows = branches(groups).flatMap((branch) => branchRows(branch, "", "", now, colours));
  return rows.length === 0 ? [] : [{ cells: title }, ...rows];
}

/** A group hangs below the one that its id begins with; one whose parent is not there stands by itself. */
function branches(groups: readonly Group[]): Branch[] {
  const ids = new Set(groups.map((group) => group.id));
  const children = Map.groupBy(groups, ({ id }) => {
    const parent = parentOf(id);
    return ids.has(parent) ? parent : "";
  });
  const below = (id: string): Branch[] => (children.get(id) ?? []).map((group) => ({ group, below: below(group.id) }));
  return below("");
}

function parentOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf("/")));
}

function branchRows({ group, below }: Branch, first: string, rest: string, now: number, colours: Colours): Row[] {
  const name = rest === "" ? group.id : group.id.slice(group.id.lastIndexOf("/") + 1);
  const about = `${plural(group.head, "message")}, ${wakes(group.wakeAt, now)}`;
  const head: Row = {
    cells: [
      { text: `${first}${printable(name)}/`, paint: paintEnd(colours.bold, first.length) },
      { text: about, paint: colours.dim },
    ],
    spans: true,
  };
  const parts = [
    ...group.members.map((member) => (lead: string) => [memberRow(member, lead, group.admin, colours)]),
    ...below.map((branch) => (lead: string, under: string) => branchRows(branch, lead, under, now, colours)),
  ];
  const rows = parts.flatMap((part, at) =>
    at === parts.length - 1 ? part(`${rest}└─ `, `${rest}   `) : part(`${rest}├─ `, `${rest}│  `),
  );
  return [head, ...rows];
}

function memberRow(member: ActorSummary, lead: string, admin: string, colours: Colours): Row {
  return {
    cells: [
      { text: `${lead}${printable(member.name)}${member.name === admin ? " (admin)" : ""}` },
      { text: printable(member.definition) },
      { text: member.standing, paint: standingPaint(member.standing, colours) },
      { text: count(member.turn), align: "right" },
      { text: count(member.unread), align: "right", paint: member.unread > 0 ? colours.cyan : String },
    ],
  };
}

function wakes(wakeAt: number | null, now: number): string {
  if (wakeAt === null) return "at rest";
  if (wakeAt === WAKE_ON_MAIL) return "waits for mail";
  return wakeAt <= now ? "has work to do" : `wakes in ${duration(wakeAt - now)}`;
}

function paintEnd(paint: (text: string) => string, from: number): (text: string) => string {
  return (text) => text.slice(0, from) + paint(text.slice(from));
}
