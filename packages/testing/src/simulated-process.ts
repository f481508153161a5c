import type { Bus, Clock, Store } from "@troupe/core";

/** What a process has of the world outside it. */
export interface Surroundings {
  readonly clock: Clock;
  readonly store: Store;
  readonly bus: Bus;
}

/** The surroundings as one process sees them, and the ways in which that process can stop. */
export interface SimulatedProcess extends Surroundings {
  /** From now on no callback of it runs, and no call of it is sent or answered. What was sent may still arrive. */
  kill(): void;
  /** It stands still, as one that is swapped out: callbacks and answers wait until `thaw`, and time goes on. */
  freeze(): void;
  thaw(): void;
  /** Calls `fn` in the middle of what the process does: before the `uses`th time from now that it turns to the outside or hears from it. */
  atUse(uses: number, fn: () => void): void;
  /** Moves the wall clock of this process alone. */
  jump(ms: number): void;
  readonly isDead: boolean;
}

/**
 * A process of a simulation. Whatever it does between two uses of its clock, its store and its bus nobody can see, so
 * stopping it there is stopping it at any `await`.
 */
export function simulatedProcess({ clock, store, bus }: Surroundings): SimulatedProcess {
  let state: "alive" | "frozen" | "dead" = "alive";
  let waiting: (() => void)[] = [];
  let skew = 0;
  const alarms: { uses: number; readonly fn: () => void }[] = [];

  function use(): void {
    if (alarms.length === 0) return;
    for (const alarm of [...alarms]) {
      alarm.uses -= 1;
      if (alarm.uses > 0) continue;
      alarms.splice(alarms.indexOf(alarm), 1);
      alarm.fn();
    }
  }

  /** Now, or when it is thawed; never, if it is dead. */
  function run(fn: () => void): void {
    use();
    if (state === "alive") fn();
    else if (state === "frozen") waiting.push(fn);
  }

  function call(method: keyof Store, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      run(() => {
        (Reflect.apply(store[method] as () => Promise<unknown>, store, args) as Promise<unknown>).then(
          (answer) => run(() => resolve(answer)),
          (error: unknown) => run(() => reject(error)),
        );
      });
    });
  }

  return {
    clock: {
      now: () => clock.now() + skew,
      monotonic: () => clock.monotonic(),
      after(ms, fn) {
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
    bus: {
      ring: (bells) => run(() => bus.ring(bells)),
      listen: (hear) => bus.listen((bell) => run(() => hear(bell))),
      close: () => bus.close(),
    },
    kill() {
      state = "dead";
      waiting = [];
    },
    freeze() {
      if (state === "alive") state = "frozen";
    },
    thaw() {
      if (state === "frozen") state = "alive";
      for (const fn of waiting.splice(0)) clock.soon(() => run(fn));
    },
    atUse: (uses, fn) => void alarms.push({ uses, fn }),
    jump(ms) {
      skew += ms;
    },
    get isDead() {
      return state === "dead";
    },
  };
}
