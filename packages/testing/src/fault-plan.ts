import type { Random, Store } from "@troupe/core";

export type StoreMethod = Exclude<keyof Store, "label" | "shards">;

/**
 * What can befall a call. `unavailable`: it does not reach the store. `answer_lost`: it takes effect, and the caller is told
 * that the store does not answer. Of a commit also `fenced` and `rejected`: the store says so, and applies nothing.
 */
export type Fault = "unavailable" | "answer_lost";
export type CommitFault = Fault | "fenced" | "rejected";

/** A call that waits: to reach the store (`hold`), or to hear its answer (`holdAnswer`). */
export interface Held {
  /** Resolves when the call has come as far as it is let. */
  readonly arrived: Promise<void>;
  release(): void;
}

export interface StoreCall {
  readonly method: StoreMethod;
  readonly args: readonly unknown[];
}

/** How often a call goes wrong, each from 0 to 1. */
export interface FaultRates {
  readonly unavailable?: number;
  readonly answerLost?: number;
}

/** What will go wrong in the stores that follow it, and what was asked of them. */
export interface FaultPlan {
  /** Every call so far, the failed ones too. */
  readonly calls: readonly StoreCall[];
  /** Lets the next call of this method fail; calls add up. */
  next(method: "commit", fault: CommitFault): void;
  next(method: StoreMethod, fault: Fault): void;
  /** Keeps the next call of this method from reaching the store. */
  hold(method: StoreMethod): Held;
  /** Lets the next call of this method take effect, and keeps the answer back. */
  holdAnswer(method: StoreMethod): Held;
  /** From now on these methods (default: all) do not answer. */
  down(...methods: StoreMethod[]): void;
  /** From now on these methods (default: all) answer again. */
  up(...methods: StoreMethod[]): void;
  /** From now on calls go wrong by chance; `close` never does. */
  chance(random: Random, rates: FaultRates): void;
}

/** One thing to befall one call. */
type Event = { readonly fault: CommitFault } | HeldCall;

export interface HeldCall {
  readonly holds: "call" | "answer";
  readonly arrive: () => void;
  readonly released: Promise<void>;
}

/** The side of a plan that a store wrapper asks. */
export interface FaultSource {
  record(call: StoreCall): void;
  /** What befalls this call, taken off the plan. */
  take(method: StoreMethod): Event | undefined;
}

export function faultPlan(): FaultPlan & FaultSource {
  const calls: StoreCall[] = [];
  const events = new Map<StoreMethod, Event[]>();
  const silent = new Set<StoreMethod>();
  let allSilent = false;
  let byChance: () => Fault | undefined = () => undefined;

  function add(method: StoreMethod, event: Event): void {
    const queue = events.get(method);
    if (queue) queue.push(event);
    else events.set(method, [event]);
  }

  function hold(method: StoreMethod, holds: "call" | "answer"): Held {
    const arrival = Promise.withResolvers<void>();
    const leave = Promise.withResolvers<void>();
    add(method, { holds, arrive: arrival.resolve, released: leave.promise });
    return { arrived: arrival.promise, release: leave.resolve };
  }

  return {
    calls,
    next: (method: StoreMethod, fault: CommitFault) => add(method, { fault }),
    hold: (method) => hold(method, "call"),
    holdAnswer: (method) => hold(method, "answer"),
    down(...methods) {
      if (methods.length === 0) allSilent = true;
      for (const method of methods) silent.add(method);
    },
    up(...methods) {
      if (methods.length === 0) {
        allSilent = false;
        silent.clear();
      }
      for (const method of methods) silent.delete(method);
    },
    chance(random, { unavailable = 0, answerLost = 0 }) {
      byChance = () => {
        const drawn = random.next();
        if (drawn < unavailable) return "unavailable";
        return drawn < unavailable + answerLost ? "answer_lost" : undefined;
      };
    },
    record: (call) => void calls.push(call),
    take(method) {
      if (allSilent || silent.has(method)) return { fault: "unavailable" };
      const planned = events.get(method)?.shift();
      if (planned || method === "close") return planned;
      const fault = byChance();
      return fault && { fault };
    },
  };
}
