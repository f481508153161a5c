import type { Clock, Store } from "@troupe/core";

/** A clock and a store as one process sees them, and the ways in which that process can stop. */
export interface Mortal {
  readonly clock: Clock;
  readonly store: Store;
  /** From now on no callback of it runs, and no call of it is answered. */
  kill(): void;
  /** Callbacks and answers wait until `thaw`; time goes on. */
  freeze(): void;
  thaw(): void;
  isDead(): boolean;
}

export function mortal(clock: Clock, store: Store): Mortal {
  let state: "alive" | "frozen" | "dead" = "alive";
  let waiting: (() => void)[] = [];

  const run = (fn: () => void): void => {
    if (state === "alive") fn();
    else if (state === "frozen") waiting.push(fn);
  };
  const call = async (method: keyof Store, args: unknown[]): Promise<unknown> => {
    if (state === "dead") return new Promise(() => undefined);
    const answer = await Promise.allSettled([Reflect.apply(store[method] as () => unknown, store, args)]);
    return new Promise((resolve) =>
      run(() => resolve(answer[0].status === "fulfilled" ? answer[0].value : Promise.reject(answer[0].reason))),
    );
  };

  return {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, fn) => {
        let cancelled = false;
        const cancel = clock.after(ms, () => run(() => (cancelled ? undefined : fn())));
        return () => {
          cancelled = true;
          cancel();
        };
      },
      soon: (fn) => clock.soon(() => run(fn)),
    },
    store: new Proxy(store, {
      get: (target, name: keyof Store) =>
        typeof target[name] === "function" ? (...args: unknown[]) => call(name, args) : target[name],
    }),
    kill: () => {
      state = "dead";
      waiting = [];
    },
    freeze: () => {
      if (state === "alive") state = "frozen";
    },
    thaw: () => {
      if (state === "frozen") state = "alive";
      for (const fn of waiting.splice(0)) clock.soon(() => run(fn));
    },
    isDead: () => state === "dead",
  };
}
