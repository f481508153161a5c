import type { Commit, Store } from "@troupe/core";

export interface CommitMeter {
  /** Counts from now on; the answer says what there was. */
  start(): () => { readonly commits: number; readonly committingMs: number };
}

/** Counts a store's commits, and how long one was under way. */
export function meterCommits(store: Store): CommitMeter {
  let commits = 0;
  let committingMs = 0;
  const commit = store.commit.bind(store);
  store.commit = async (given: Commit) => {
    const started = performance.now();
    const outcome = await commit(given);
    committingMs += performance.now() - started;
    commits += 1;
    return outcome;
  };
  return {
    start: () => {
      const before = { commits, committingMs };
      return () => ({ commits: commits - before.commits, committingMs: committingMs - before.committingMs });
    },
  };
}
