import type { Commit, Store } from "@troupe/core";

/** Calls back with every commit that the store has applied. */
export function watchCommits(store: Store, committed: (commit: Commit) => void): void {
  const commit = store.commit.bind(store);
  store.commit = async (given: Commit) => {
    const outcome = await commit(given);
    if (outcome.outcome === "committed") committed(given);
    return outcome;
  };
}
