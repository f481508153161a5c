import { DEFAULT_LIMITS } from "@troupe/core";
import { expect, it } from "vitest";
import { checkRun } from "./check-run.ts";
import type { RunHistory } from "./history.ts";
import { countHeard, countSent, EVERYONE, emptyTally, type Stamp } from "./stamps.ts";

const TO_BOB: Stamp = { from: "ann@run", to: "bob@run", seq: 1, place: 1 };
const AGAIN: Stamp = { from: "ann@run", to: "bob@run", seq: 1, place: 2 };
const TO_ALL: Stamp = { from: "ann@run", to: EVERYONE, seq: 1, place: 3 };

const message = { channel: 1, sender: "ann", recipient: "bob", kind: "note", isReply: false, epoch: 1 } as const;
const turn = { channel: 1, actor: "bob", attempt: 1, outcome: "done" } as const;
const actor = { channel: 1, takes: new Set(["note", "start"]), standing: "active" } as const;

function tally({ sent = [], heard = [] }: { sent?: Stamp[]; heard?: Stamp[] }) {
  const made = emptyTally();
  for (const stamp of sent) countSent(made, stamp);
  for (const stamp of heard) countHeard(made, stamp);
  return made;
}

/** Ann is started, tells Bob two things and says a third to everyone. */
const SOUND: RunHistory = {
  run: {
    id: "run",
    status: "quiescent",
    limits: { ...DEFAULT_LIMITS, children: 1, members: 2, depth: 1 },
    spent: { turns: 4, messages: 4, actors: 2, actorsLiving: 2, groups: 1, modelCalls: 0, tokens: 0, cost: 0 },
  },
  channels: [
    { key: 1, name: "run", kind: "group", depth: 1, head: 4 },
    { key: 2, name: "run#admin", kind: "admin", depth: 0, head: 0 },
  ],
  actors: [
    { ...actor, name: "ann", spawner: null, born: 0, cursor: 1, turn: 2 },
    { ...actor, name: "bob", spawner: "ann@run", born: 1, cursor: 4, turn: 4 },
  ],
  messages: [
    { ...message, seq: 1, sender: "outside", recipient: "ann", kind: "start", stamp: undefined },
    { ...message, seq: 2, stamp: TO_BOB },
    { ...message, seq: 3, stamp: AGAIN },
    { ...message, seq: 4, recipient: null, stamp: TO_ALL },
  ],
  turns: [
    { ...turn, actor: "ann", turn: 1, firstSeq: 1, lastSeq: 1 },
    { ...turn, turn: 1, firstSeq: 2, lastSeq: 2 },
    { ...turn, turn: 2, firstSeq: 3, lastSeq: 3 },
    { ...turn, turn: 3, firstSeq: 4, lastSeq: 4 },
  ],
  deadLetters: [],
  waiting: 0,
  tallies: new Map([
    ["ann@run", tally({ sent: [TO_BOB, AGAIN, TO_ALL] })],
    ["bob@run", tally({ heard: [TO_BOB, AGAIN, TO_ALL] })],
  ]),
};

function promisesBrokenBy(change: Partial<RunHistory>): string[] {
  return [...new Set(checkRun({ ...SOUND, ...change }).map(({ promise }) => promise))];
}

function withTally(name: string, made: ReturnType<typeof tally>): Partial<RunHistory> {
  return { tallies: new Map([...SOUND.tallies, [name, made]]) };
}

it("finds nothing wrong where nothing is", () => {
  expect(checkRun(SOUND)).toEqual([]);
});

it.each<[string, string, Partial<RunHistory>]>([
  ["a log with a hole", "gapless log", { messages: SOUND.messages.filter(({ seq }) => seq !== 3) }],
  [
    "a row of an owner that had been followed by another",
    "one owner",
    { messages: SOUND.messages.map((row) => (row.seq === 2 ? { ...row, epoch: 2 } : row)) },
  ],
  ["a message that nobody handled", "nothing lost", { turns: SOUND.turns.filter(({ firstSeq }) => firstSeq !== 3) }],
  ["what was said to everyone and not heard", "nothing lost", { turns: SOUND.turns.slice(0, 3) }],
  [
    "a message that two turns handled",
    "handled once",
    { turns: [...SOUND.turns, { ...turn, turn: 4, firstSeq: 4, lastSeq: 4 }] },
  ],
  [
    "a dead letter that was handled",
    "handled once",
    { deadLetters: [{ channel: 1, seq: 2, actor: "bob", reason: "failed" }] },
  ],
  [
    "a failure for good that left no letter",
    "nothing lost",
    { turns: SOUND.turns.map((row) => (row.firstSeq === 2 ? { ...row, outcome: "dead" as const } : row)) },
  ],
  ["mail that waits for ever", "nothing lost", { waiting: 1 }],
  [
    "turns that handled the later message first",
    "turns in order",
    {
      turns: SOUND.turns.map((row) =>
        row.firstSeq === 2 ? { ...row, turn: 2 } : row.firstSeq === 3 ? { ...row, turn: 1 } : row,
      ),
    },
  ],
  [
    "a turn that was over before its last attempt",
    "turns in order",
    { turns: [...SOUND.turns, { ...turn, turn: 3, attempt: 2, firstSeq: 4, lastSeq: 4 }] },
  ],
  [
    "more members than there may be",
    "caps",
    { run: { ...SOUND.run, limits: { ...SOUND.run.limits, members: 1, children: 0 } } },
  ],
  ["an account that is too low", "account", { run: { ...SOUND.run, spent: { ...SOUND.run.spent, turns: 3 } } }],
  ["a message heard twice", "in order, once", withTally("bob@run", tally({ heard: [TO_BOB, TO_BOB, AGAIN] }))],
  [
    "messages heard in another order",
    "in order, once",
    withTally("bob@run", tally({ heard: [AGAIN, TO_BOB, TO_ALL] })),
  ],
  [
    "a message that was in the log and not heard",
    "nothing lost",
    withTally("bob@run", tally({ heard: [TO_BOB, TO_ALL] })),
  ],
  [
    "a message that was accepted and is in no log",
    "nothing lost",
    withTally("ann@run", tally({ sent: [TO_BOB, AGAIN, AGAIN, TO_ALL] })),
  ],
  ["a message in the log that nobody sent", "nothing doubled", withTally("ann@run", tally({ sent: [TO_BOB, TO_ALL] }))],
])("notices %s", (_what, promise, change) => {
  expect(promisesBrokenBy(change)).toContain(promise);
});

it("lets a run that was cut short leave work undone, yet nothing be done twice", () => {
  const cancelled = { ...SOUND.run, status: "cancelled" as const };
  const actors = SOUND.actors.map((row) => (row.name === "bob" ? { ...row, cursor: 2, turn: 2 } : row));
  const undone = {
    run: cancelled,
    actors,
    turns: SOUND.turns.slice(0, 2),
    ...withTally("bob@run", tally({ heard: [TO_BOB] })),
  };

  expect(promisesBrokenBy({ ...undone, run: { ...cancelled, spent: { ...cancelled.spent, turns: 2 } } })).toEqual([]);
  expect(promisesBrokenBy({ ...undone, ...withTally("bob@run", tally({ heard: [TO_BOB, TO_BOB] })) })).toEqual([
    "in order, once",
  ]);
});
