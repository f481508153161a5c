import type { TroupeEvent } from "troupe";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Progress } from "../src/progress.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  return () => void vi.useRealTimers();
});

function makeProgress(isTTY: boolean): { progress: Progress; written: string[] } {
  const written: string[] = [];
  const progress = new Progress({ isTTY, columns: 40, write: (text) => written.push(text) });
  return { progress, written };
}

const facts = {
  type: "message_appended",
  kind: "facts",
  body: { files: 1_234 },
} as unknown as TroupeEvent;
const budget = { type: "budget", spent: { groups: 3, actors: 12, messages: 45 } } as unknown as TroupeEvent;

describe("Progress", () => {
  it("writes a line every few seconds where there is no terminal", () => {
    const { progress, written } = makeProgress(false);
    progress.start();
    progress.doing("opening the store");
    vi.advanceTimersByTime(3_000);
    progress.note(facts);
    progress.note(budget);
    vi.advanceTimersByTime(6_000);
    progress.stop();
    vi.advanceTimersByTime(60_000);

    expect(written).toEqual([
      "opening the store · 3 s\n",
      "1,234 files read · 3 groups · 12 agents · 45 messages · 6 s\n",
      "1,234 files read · 3 groups · 12 agents · 45 messages · 9 s\n",
    ]);
  });

  it("keeps one line up to date on a terminal, within its width, and clears it at the end", () => {
    const { progress, written } = makeProgress(true);
    progress.start();
    progress.note(budget);
    vi.advanceTimersByTime(100);
    progress.say("two\nlines");
    progress.stop();

    expect(written).toEqual([
      "\r\u001b[2K0 files read · 3 groups · 12 agents · 4",
      "\r\u001b[2Ktwo\\nlines\n",
      "\r\u001b[2K",
    ]);
  });
});
