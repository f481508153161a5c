import type { Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Bugs of a worker: what it loads, wakes, lets in and lets go. */
export const WORKER_MUTANTS: readonly Mutant[] = [
  {
    name: "what-was-fenced-stays-in-memory",
    file: `${CORE}/worker/worker.ts`,
    edits: [
      {
        find: 'this.#ownership.fenced(outcome.shards);\n    this.#dropShards(new Set(outcome.shards), "fenced");',
        put: "",
      },
    ],
  },
  {
    name: "what-a-failed-turn-did-to-the-state-stays",
    file: `${CORE}/worker/turn-runner.ts`,
    edits: [{ find: "turn.abandon();\n    actor.resetState();", put: "turn.abandon();" }],
  },
  {
    name: "a-crash-is-not-charged",
    file: `${CORE}/worker/chores.ts`,
    edits: [{ find: "write.turns = 1;", put: "write.turns = 0;" }],
  },
  {
    name: "steps-of-an-earlier-turn-answer",
    file: `${CORE}/worker/turn-runner.ts`,
    edits: [{ find: "actor.journal = undefined;\n          actor.replies = undefined;", put: "" }],
  },
  {
    name: "a-late-reply-answers-another-question",
    file: `${CORE}/worker/apply.ts`,
    edits: [
      {
        find: "if (!re.startsWith(`${actor.turn}/`)) return;",
        put: 'const token = `${actor.turn}/${re.slice(re.indexOf("/") + 1)}`;',
      },
      { find: "if (actor.replies.has(re)) return;", put: "if (actor.replies.has(token)) return;" },
      {
        find: "actor.replies.set(re, row);",
        put: "row = { ...row, headers: { ...row.headers, re: token } };\n  actor.replies.set(token, row);",
      },
    ],
  },
  {
    name: "lost-wake-up-between-the-last-check-and-idle",
    file: `${CORE}/worker/turn-runner.ts`,
    edits: [
      {
        find: 'if (actor.standing === "stopped" || actor.standing === "quarantined") return this.stray(actor);\n    this.#host.dispatcher.wake(actor);',
        put: 'if (actor.standing === "stopped" || actor.standing === "quarantined") return this.stray(actor);',
      },
    ],
  },
  {
    name: "a-place-among-the-turns-is-not-given-on",
    file: `${CORE}/worker/dispatcher.ts`,
    edits: [
      {
        find: "if (this.#underWay === this.#host.settings.turns - 1) this.#host.clock.soon(() => this.run());",
        put: "",
      },
    ],
  },
  {
    name: "a-refused-write-starts-nobody",
    file: `${CORE}/worker/worker.ts`,
    edits: [
      {
        find: "// Turns may have waited for this write to be out of the way.\n    this.dispatcher.run();",
        put: "",
      },
    ],
  },
  {
    name: "only-a-doorbell-brings-mail",
    file: `${CORE}/worker/worker.ts`,
    edits: [{ find: "every(this.settings.pollMs, () => this.#poll());", put: "" }],
  },
  {
    name: "a-parked-turn-that-was-taken-over-is-not-waited-for",
    file: `${CORE}/worker/residency.ts`,
    edits: [
      {
        find: "this.#host.waits.add(actor.address, asked);\n      this.#host.waiting(actor);",
        put: "this.#host.waits.add(actor.address, asked);",
      },
    ],
  },
  {
    name: "a-retry-is-forgotten-with-its-worker",
    file: `${CORE}/worker/residency.ts`,
    edits: [
      {
        find: "else if (actor.progress.retryAt > now) this.#host.waiting(actor);",
        put: "else if (actor.progress.retryAt > now) {}",
      },
    ],
  },
  {
    name: "a-group-that-is-due-later-is-forgotten",
    file: `${CORE}/worker/worker.ts`,
    edits: [{ find: "else this.#alarms.set(name, shard, wakeAt);", put: "" }],
  },
  {
    name: "a-group-leaves-memory-with-a-write-under-way",
    file: `${CORE}/worker/passivation.ts`,
    edits: [{ find: "group.touchedAt > before || group.writes > 0 ||", put: "group.touchedAt > before ||" }],
  },
  {
    name: "inbox-mail-is-let-in-newest-first",
    file: `${CORE}/worker/admission.ts`,
    edits: [
      { find: "if (queue !== undefined) queue.push(row);", put: "if (queue !== undefined) queue.splice(1, 0, row);" },
    ],
  },
  {
    name: "mail-is-let-in-twice",
    file: `${CORE}/worker/admission.ts`,
    edits: [{ find: "if (this.#known.has(row.key)) continue;", put: "" }],
  },
  {
    name: "a-stopped-actor-keeps-its-mail",
    file: `${CORE}/worker/turn-runner.ts`,
    edits: [{ find: 'if (actor.phase === "idle") buryAll(this.#host, actor, () => this.#idle(actor));', put: "" }],
  },
];
