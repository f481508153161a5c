import { type Commit, isFault, type Store } from "@troupe/core";
import type { Recorder } from "./recorder.ts";
import type { SometimeCounts } from "./sometimes.ts";

/** Commits that were sent and not answered, of all processes. */
export type Flying = Map<Commit, string>;

/** Listens at the near end of a process' line: what it asks of the store, and when it hears of it. */
export function tap(
  process: string,
  store: Store,
  recorder: Recorder,
  flying: Flying,
  sometimes: SometimeCounts,
): Store {
  const loaded = new Set<string>();
  const fenced = new Set<string>();
  return {
    ...store,
    label: store.label,
    shards: store.shards,
    async commit(commit) {
      // A copy: the same commit may be sent again, and each of them arrives by itself.
      const sent = { ...commit };
      flying.set(sent, process);
      for (const { shard, epoch } of commit.leases)
        if (fenced.has(`${commit.worker} ${shard} ${epoch}`)) recorder.check.wentOn(process, shard, epoch);
      try {
        const outcome = await store.commit(sent);
        if (outcome.outcome === "fenced")
          for (const { shard, epoch } of commit.leases)
            if (outcome.shards.includes(shard)) fenced.add(`${commit.worker} ${shard} ${epoch}`);
        return outcome;
      } catch (error) {
        if (isFault(error, "store_unavailable")) recorder.gaveUp(sent);
        const known = recorder.hasApplied(commit);
        sometimes[known ? "an unknown commit had happened" : "an unknown commit had not happened"] += 1;
        throw error;
      } finally {
        flying.delete(sent);
      }
    },
    async claim(worker, limit) {
      const leases = await store.claim(worker, limit);
      const taken = new Set(leases.map(({ shard }) => shard));
      for (const [commit, owner] of flying)
        if (owner !== process && commit.leases.some(({ shard }) => taken.has(shard)))
          sometimes["a shard was taken over while a commit of its owner was under way"] += 1;
      return leases;
    },
    async loadChannels(names) {
      for (const name of names) {
        if (loaded.has(name)) sometimes["a group left memory and came back"] += 1;
        loaded.add(name);
      }
      return store.loadChannels(names);
    },
  };
}
