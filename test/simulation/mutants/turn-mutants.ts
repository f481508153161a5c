import type { Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Bugs of turns: what they consume, remember, send and are charged. */
export const TURN_MUTANTS: readonly Mutant[] = [
  {
    name: "the-cursor-moves-when-a-turn-parks",
    file: `${CORE}/turn/parking.ts`,
    edits: [
      {
        find: "write.actorRow = actor.rowWith({}, actor.progress);",
        put: "write.actorRow = actor.rowWith({ cursor: this.#turn.rows[0]?.seq ?? 0 }, actor.progress);",
      },
    ],
  },
  {
    name: "a-retry-goes-to-the-end-of-the-mailbox",
    file: `${CORE}/turn/turn-writes.ts`,
    edits: [
      {
        find: 'write.turnRow = turnRow(turn, "failed", text);\n    write.actorRow = actor.rowWith({}, progress);',
        put: `write.turnRow = turnRow(turn, "failed", text);
    write.consumed = turn.rows.length;
    write.outgoing = turn.rows.map(({ channel, seq, ...row }) => ({ ...row, promisedTo: [] }));
    write.actorRow = actor.rowWith({ cursor: lastSeq(turn.rows) }, progress);`,
      },
    ],
  },
  {
    name: "a-state-is-not-written",
    file: `${CORE}/turn/turn-writes.ts`,
    edits: [{ find: "return sameBytes(bytes, actor.committedState) ? null : bytes;", put: "return null;" }],
  },
  {
    name: "a-last-failure-leaves-no-letter",
    file: `${CORE}/turn/notices.ts`,
    edits: [{ find: "write.deadLetters = letters.map(", put: "write.deadLetters = [].map(" }],
  },
  {
    name: "a-turn-is-not-charged",
    file: `${CORE}/turn/turn-writes.ts`,
    edits: [{ find: "write.turn = turn;\n  write.turns = 1;", put: "write.turn = turn;" }],
  },
  {
    name: "step-keys-clash",
    file: `${CORE}/turn/steps.ts`,
    edits: [{ find: "idempotencyKey: `${address}:${turn}:${name}`,", put: "idempotencyKey: `${address}:${name}`," }],
  },
  {
    name: "an-effect-does-not-wait-for-the-one-before",
    file: `${CORE}/turn/steps.ts`,
    edits: [{ find: "await this.durable();\n    this.#alive();", put: "this.#alive();" }],
  },
  {
    name: "a-replay-sends-again",
    file: `${CORE}/turn/out-mailbox.ts`,
    edits: [{ find: "return past?.receipt;", put: "return undefined;" }],
  },
  {
    name: "the-head-of-a-log-is-not-read-again",
    file: `${CORE}/actor/channel.ts`,
    edits: [
      {
        find: "this.head = snapshot.head;",
        put: "this.head = Math.max(0, ...snapshot.members.map(({ cursor }) => cursor));",
      },
    ],
  },
  {
    name: "a-batch-consumes-only-its-first-message",
    file: `${CORE}/turn/turn-writes.ts`,
    edits: [{ find: "write.consumed = rows.length;\n  write.turnRow", put: "write.consumed = 1;\n  write.turnRow" }],
  },
  {
    name: "children-are-not-counted",
    file: `${CORE}/supervisor/spawn-verdict.ts`,
    edits: [{ find: "if (children >= limits.children)", put: "if (children > limits.children)" }],
  },
  {
    name: "levels-are-not-counted",
    file: `${CORE}/supervisor/spawn-verdict.ts`,
    edits: [{ find: "depth >= limits.depth", put: "depth > limits.depth" }],
  },
  {
    name: "a-mailbox-takes-one-more",
    file: `${CORE}/actor/in-mailbox.ts`,
    edits: [{ find: "this.length + this.#promisedMessages < maxMessages &&", put: "this.length < maxMessages &&" }],
  },
];
