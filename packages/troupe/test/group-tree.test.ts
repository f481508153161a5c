import { type RunInspection, WAKE_ON_MAIL } from "@troupe/core";
import { expect, it } from "vitest";
import { coloursFor } from "../src/cli/colours.ts";
import { groupTreeRows } from "../src/cli/group-tree.ts";
import { tableLines } from "../src/cli/table.ts";

const plain = coloursFor({}, {});

function group(id: string, wakeAt: number | null, ...names: string[]): RunInspection["groups"][number] {
  const members = names.map((name) => ({ name, definition: "d", standing: "active" as const, turn: 1, unread: 0 }));
  return { id, depth: id.split("/").length, admin: names[0] ?? "", head: 3, wakeAt, members };
}

function draw(...groups: RunInspection["groups"][number][]): string[] {
  return tableLines(groupTreeRows(groups, 1_000, plain), undefined).map((line) => line.replace(/ +/g, " "));
}

it("draws groups below groups, in any depth, and what each waits for", () => {
  const lines = draw(
    group("r", 0, "lead", "scout"),
    group("r/a", null, "boss"),
    group("r/b", WAKE_ON_MAIL, "boss"),
    group("r/a/c", 3_000, "boss"),
  );

  expect(lines).toEqual([
    "GROUPS AND ACTORS AGENT STANDING TURN UNREAD",
    "r/ 3 messages, has work to do",
    "├─ lead (admin) d active 1 0",
    "├─ scout d active 1 0",
    "├─ a/ 3 messages, at rest",
    "│ ├─ boss (admin) d active 1 0",
    "│ └─ c/ 3 messages, wakes in 2 s",
    "│ └─ boss (admin) d active 1 0",
    "└─ b/ 3 messages, waits for mail",
    " └─ boss (admin) d active 1 0",
  ]);
});

it("keeps a group whose parent is gone, by its full id", () => {
  expect(draw(group("r/a/b", null, "boss"))[1]).toBe("r/a/b/ 3 messages, at rest");
});

it("draws nothing of a run without groups", () => {
  expect(draw()).toEqual([]);
});
