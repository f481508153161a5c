import { type Commit, type CommitOutcome, type Store, TroupeError } from "@troupe/core";
import type { CommitFault, FaultSource, HeldCall, StoreMethod } from "./fault-plan.ts";

/** A record rather than a list: a method that the port gains is missed here at compile time. */
const METHODS: Readonly<Record<StoreMethod, true>> = {
  join: true,
  renew: true,
  claim: true,
  release: true,
  leave: true,
  commit: true,
  due: true,
  loadChannels: true,
  loadState: true,
  loadRuns: true,
  groupsOf: true,
  history: true,
  submit: true,
  post: true,
  endRun: true,
  listRuns: true,
  inspect: true,
  deadLetters: true,
  replay: true,
  sweep: true,
  close: true,
};

type Ask = () => Promise<unknown>;

/** A store that fails as planned, and otherwise does what the one behind it does. Several may follow one plan. */
export function faultyStore(store: Store, plan: FaultSource): Store {
  const call = async (method: StoreMethod, args: readonly unknown[]): Promise<unknown> => {
    const ask: Ask = () => Reflect.apply(store[method], store, args);
    plan.record({ method, args });
    const event = plan.take(method);
    if (!event) return ask();
    if ("holds" in event) return held(event, ask);
    return fail(event.fault, args, ask);
  };
  const names = Object.keys(METHODS) as StoreMethod[];
  const methods = Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => call(name, args)]));
  return { label: `${store.label}, with faults`, shards: store.shards, ...(methods as Pick<Store, StoreMethod>) };
}

async function held({ holds, arrive, released }: HeldCall, ask: Ask): Promise<unknown> {
  const early = holds === "answer" ? ask() : undefined;
  // An error is the caller's to hear, once the answer is let through.
  await early?.catch(() => undefined);
  arrive();
  await released;
  return early ?? ask();
}

async function fail(fault: CommitFault, args: readonly unknown[], ask: Ask): Promise<CommitOutcome> {
  switch (fault) {
    case "fenced":
      return { outcome: "fenced", shards: (args[0] as Commit).leases.map(({ shard }) => shard) };
    case "rejected":
      throw new TroupeError("commit_rejected", "by the fault plan");
    case "answer_lost":
      await ask();
      throw new TroupeError("store_unavailable", "by the fault plan, after it took effect");
    case "unavailable":
      throw new TroupeError("store_unavailable", "by the fault plan");
  }
}
