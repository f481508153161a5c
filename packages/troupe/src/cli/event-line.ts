import type { TroupeEvent } from "@troupe/core";
import { duration } from "./amounts.ts";
import { brief } from "./brief.ts";
import type { Colours } from "./colours.ts";
import { plainValue } from "./plain-value.ts";
import { printable } from "./printable.ts";

const BODY_LENGTH = 120;
const WORD_WIDTH = 9;
/** As much of a run's id as tells it from the few others on a screen; `inspect` takes it too. */
const RUN_LENGTH = 6;

/** An event in a few words: what happened, to whom, and what else there is to know. */
interface Words {
  readonly word: string;
  readonly about: string;
  readonly tone?: "good" | "bad" | "quiet";
}

/** An event on one line, behind the time of day; undefined for those that repeat what another one says. */
export function eventLine(event: TroupeEvent, at: Date, colours: Colours): string | undefined {
  const words = wordsFor(event);
  if (words === undefined) return undefined;
  const paints = { good: colours.green, bad: colours.red, quiet: colours.dim };
  const paint = words.tone === undefined ? String : paints[words.tone];
  const time = colours.dim(at.toTimeString().slice(0, 8));
  return `${time}  ${paint(words.word.padEnd(WORD_WIDTH))}  ${printable(shortRun(words.about, event))}`;
}

function shortRun(text: string, event: TroupeEvent): string {
  return "run" in event ? text.replaceAll(event.run, event.run.slice(0, RUN_LENGTH)) : text;
}

function wordsFor(event: TroupeEvent): Words | undefined {
  switch (event.type) {
    case "message_appended": {
      const { from, to, kind, body } = event;
      return { word: "message", about: `${from} → ${to ?? "all"}: ${kind} ${brief(plainValue(body), BODY_LENGTH)}` };
    }
    case "turn_taken":
      return { word: "turn", about: `${event.actor} takes turn ${event.turn}${again(event.attempt)}`, tone: "quiet" };
    case "turn_failed": {
      const next = event.retryAt === undefined ? "" : `; again in ${duration(event.retryAt - Date.now())}`;
      return {
        word: "failed",
        about: `${event.actor}, turn ${event.turn}${again(event.attempt)}: ${event.error}${next}`,
        tone: "bad",
      };
    }
    case "turn_refused":
      return {
        word: "refused",
        about: `${event.actor}, turn ${event.turn}, was not committed: ${event.why}`,
        tone: "bad",
      };
    case "turn_parked":
      return { word: "waits", about: `${event.actor} waits for ${event.waitingFor.join(", ")}`, tone: "quiet" };
    case "actor_spawned":
      return { word: "spawned", about: `${event.actor} (${event.agent}), by ${event.spawner}` };
    case "group_spawned":
      return { word: "spawned", about: `group ${event.group} with ${event.admin}, by ${event.spawner}` };
    case "refused":
      return { word: "refused", about: `${event.actor}: ${event.message}`, tone: "bad" };
    case "dead_letter":
      return {
        word: "dead",
        about: `message ${event.message} to ${event.actor}: ${event.error ?? event.reason}`,
        tone: "bad",
      };
    case "run_ended":
      return {
        word: "ended",
        about: `run ${event.run}: ${event.status}${event.error ? `, ${event.error}` : ""}`,
        tone: event.status === "finished" ? "good" : "bad",
      };
    case "store_lost":
      return { word: "store", about: `lost: ${event.error}`, tone: "bad" };
    case "store_back":
      return { word: "store", about: "is back", tone: "good" };
    case "shard_lost":
      return event.why === "released"
        ? undefined
        : { word: "shard", about: `${event.shard} lost: ${event.why}`, tone: "bad" };
    case "turn_settled":
    case "turn_committed":
    case "budget":
    case "shard_gained":
      return undefined;
  }
}

function again(attempt: number): string {
  return attempt === 1 ? "" : `, attempt ${attempt}`;
}
