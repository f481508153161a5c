import type { Mutant } from "./mutant.ts";

const CORE = "packages/core/src";

/** Bugs of the commit: how it is put together, and what its outcome is taken for. */
export const COMMIT_MUTANTS: readonly Mutant[] = [
  {
    name: "delivery-before-the-commit",
    file: `${CORE}/commit/pipeline.ts`,
    edits: [
      {
        find: "const outcome = await this.#send(assembled.commit);",
        put: 'this.#owner.applied(assembled, { outcome: "committed", accounts: [] });\n      const outcome = await this.#send(assembled.commit);',
      },
      {
        find: "for (const write of left) write.group.writes -= 1;\n        this.#owner.applied(assembled, outcome);",
        put: "for (const write of left) write.group.writes -= 1;",
      },
    ],
  },
  {
    name: "an-unknown-commit-is-taken-for-refused",
    file: `${CORE}/commit/pipeline.ts`,
    edits: [
      {
        find: 'if (!isFault(error) || error.code === "commit_rejected") return { error };',
        put: "return { error };",
      },
    ],
  },
  {
    name: "an-unknown-commit-is-taken-for-applied",
    file: `${CORE}/commit/pipeline.ts`,
    edits: [
      {
        find: 'if (!isFault(error) || error.code === "commit_rejected") return { error };',
        put: 'if (!isFault(error) || error.code === "commit_rejected") return { error };\n        if (error.code === "store_unavailable") return { outcome: "committed", accounts: [] };',
      },
    ],
  },
  {
    name: "an-unknown-commit-is-sent-under-a-new-number",
    file: `${CORE}/commit/pipeline.ts`,
    edits: [
      {
        find: "const outcome = await this.#owner.store.commit(commit);",
        put: "const outcome = await this.#owner.store.commit({ ...commit, number: commit.number + attempt - 1 });",
      },
    ],
  },
  {
    name: "what-was-let-in-stays-in-the-inbox",
    file: `${CORE}/commit/assemble.ts`,
    edits: [{ find: "if (write.admitted !== undefined) admitted.push(write.admitted);", put: "" }],
  },
  {
    name: "a-group-rests-though-mail-was-delivered",
    file: `${CORE}/commit/assemble.ts`,
    edits: [
      {
        find: "if (draft.delivered > 0 || group.waiting.size === 0) return 0;",
        put: "if (group.waiting.size === 0) return draft.delivered > 0 ? null : 0;",
      },
    ],
  },
];
