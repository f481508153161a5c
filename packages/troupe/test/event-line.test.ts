import type { Address, TroupeEvent } from "@troupe/core";
import { expect, it } from "vitest";
import { coloursFor } from "../src/cli/colours.ts";
import { eventLine } from "../src/cli/event-line.ts";

const run = "abcdef0123456789";
const actor = `reader@${run}` as Address;
const turn = { run, actor, turn: 3, attempt: 1, state: "processing" } as const;

/** The line without its time of day. */
function lineOf(event: TroupeEvent): string | undefined {
  return eventLine(event, new Date(), coloursFor({}, {}))?.slice("hh:mm:ss  ".length).replace(/ +/, " ");
}

it.each<[TroupeEvent, string | undefined]>([
  [
    { type: "message_appended", run, channel: run, seq: 1, from: actor, to: null, kind: "k\n", body: { n: 1n }, at: 0 },
    String.raw`message reader@abcdef → all: k\n {"n":"1"}`,
  ],
  [{ type: "turn_taken", ...turn, attempt: 2, messages: [] }, "turn reader@abcdef takes turn 3, attempt 2"],
  [{ type: "turn_failed", ...turn, error: "E", retryAt: undefined }, "failed reader@abcdef, turn 3: E"],
  [{ type: "turn_refused", ...turn, why: "fenced" }, "refused reader@abcdef, turn 3, was not committed: fenced"],
  [{ type: "turn_parked", ...turn, waitingFor: ["a timer"] }, "waits reader@abcdef waits for a timer"],
  [{ type: "actor_spawned", run, actor, agent: "a", spawner: actor }, "spawned reader@abcdef (a), by reader@abcdef"],
  [
    { type: "group_spawned", run, group: `${run}/g`, admin: actor, spawner: actor },
    "spawned group abcdef/g with reader@abcdef, by reader@abcdef",
  ],
  [{ type: "refused", run, actor, reason: "loop", message: "no" }, "refused reader@abcdef: no"],
  [
    { type: "dead_letter", run, actor, message: "1:2", reason: "failed", error: undefined },
    "dead message 1:2 to reader@abcdef: failed",
  ],
  [{ type: "run_ended", run, status: "failed", error: "E" }, "ended run abcdef: failed, E"],
  [{ type: "run_ended", run, status: "finished", error: undefined }, "ended run abcdef: finished"],
  [{ type: "store_lost", error: "\u001b" }, String.raw`store lost: \u{1b}`],
  [{ type: "store_back" }, "store is back"],
  [{ type: "shard_lost", shard: 4, why: "fenced" }, "shard 4 lost: fenced"],
  [{ type: "shard_lost", shard: 4, why: "released" }, undefined],
  [{ type: "shard_gained", shard: 4, epoch: 1 }, undefined],
  [{ type: "turn_settled", ...turn, ms: 1 }, undefined],
  [{ type: "turn_committed", ...turn }, undefined],
])("says %o on one line, or leaves it unsaid", (event, line) => {
  expect(lineOf(event)).toBe(line);
});
