import { TroupeError } from "../fault.ts";
import type { Clock } from "../ports/clock.ts";
import type { Store } from "../ports/store.ts";
import { commit } from "./commit.ts";
import { deadLetters, replay } from "./dead-letters.ts";
import { post } from "./inbox.ts";
import { claim, join, leave, release, renew } from "./leases.ts";
import { due, groupsOf, history, inspect, listRuns, loadRuns, loadState } from "./reads.ts";
import { endRun, submit } from "./runs.ts";
import { loadChannels } from "./snapshot.ts";
import { emptyState, type MemoryState } from "./state.ts";
import { sweep } from "./sweep.ts";

export interface MemoryStoreOptions {
  /** Judges leases and stamps ends. */
  readonly clock: Clock;
  /** Default 16. */
  readonly shards?: number;
  /** How many consumed messages and how many turns each channel keeps, at least; and each actor the steps of how many turns. Default 1,000. */
  readonly keep?: number;
}

const DEFAULT_SHARDS = 16;
const DEFAULT_KEEP = 1_000;

/**
 * A store in the memory of this process. Nothing of it is durable, and of what has been consumed each channel keeps the
 * newest only, since memory is finite.
 */
export function memoryStore({ clock, shards = DEFAULT_SHARDS, keep = DEFAULT_KEEP }: MemoryStoreOptions): Store {
  if (!Number.isSafeInteger(shards) || shards < 1) {
    throw new TroupeError("config_invalid", `shards is ${shards}; it must be a whole number from 1`);
  }
  if (!Number.isSafeInteger(keep) || keep < 1) {
    throw new TroupeError("config_invalid", `keep is ${keep}; it must be a whole number from 1`);
  }
  let state = emptyState(clock, shards, keep);
  /** The state, for as long as the store is open. Methods are `async`, so that a throw is a rejection. */
  const open = (): MemoryState => {
    if (state.closed) throw new TroupeError("store_closed");
    return state;
  };
  return {
    label: "memory",
    shards,
    join: async (worker, deployment, leaseMs) => join(open(), worker, deployment, leaseMs),
    renew: async (worker, leaseMs) => renew(open(), worker, leaseMs),
    claim: async (worker, limit) => claim(open(), worker, limit),
    release: async (worker, given) => release(open(), worker, given),
    leave: async (worker) => leave(open(), worker),
    commit: async (batch) => commit(open(), batch),
    due: async (of, before, limit) => due(open(), of, before, limit),
    loadChannels: async (names) => loadChannels(open(), names),
    loadState: async (channel, name) => loadState(open(), channel, name),
    loadRuns: async (runs) => loadRuns(open(), runs),
    groupsOf: async (run) => groupsOf(open(), run),
    history: async (channel, limit, before) => history(open(), channel, limit, before),
    submit: async (submission) => submit(open(), submission),
    post: async (rows) => post(open(), rows),
    endRun: async (run, end) => endRun(open(), run, end),
    listRuns: async (limit) => listRuns(open(), limit),
    inspect: async (run) => inspect(open(), run),
    deadLetters: async (run, limit) => deadLetters(open(), run, limit),
    replay: async (deadLetter) => replay(open(), deadLetter),
    sweep: async (before, limit) => sweep(open(), before, limit),
    close: async () => {
      state = { ...emptyState(clock, 1, keep), closed: true };
    },
  };
}
