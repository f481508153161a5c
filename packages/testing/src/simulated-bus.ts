import type { Bus, Clock, Doorbell, Random } from "@troupe/core";

/** How rings travel. Change it while it is in use; chances are from 0 to 1. */
export interface Airwaves {
  /** Milliseconds, drawn anew for each listener and ring: so rings overtake each other. */
  minMs: number;
  maxMs: number;
  lost: number;
  doubled: number;
}

export const GOOD_AIRWAVES: Airwaves = { minMs: 0.1, maxMs: 1, lost: 0, doubled: 0 };

/** Doorbells between the processes of a simulation: each has a bus of its own, and hears what any of them rings. */
export interface SimulatedBus {
  connect(): Bus;
}

export function simulatedBus(options: {
  readonly clock: Clock;
  readonly random: Random;
  readonly airwaves: Airwaves;
}): SimulatedBus {
  const { clock, random, airwaves } = options;
  const listeners = new Set<(bell: Doorbell) => void>();

  function send(bell: Doorbell, listener: (bell: Doorbell) => void): void {
    const { minMs, maxMs, lost, doubled } = airwaves;
    if (random.next() < lost) return;
    clock.after(minMs + (maxMs - minMs) * random.next(), () => {
      if (listeners.has(listener)) listener(bell);
    });
    if (random.next() < doubled) send(bell, listener);
  }

  return {
    connect() {
      const own = new Set<(bell: Doorbell) => void>();
      return {
        ring(bells) {
          for (const bell of bells) for (const listener of listeners) send(bell, listener);
        },
        listen(hear) {
          // Wrapped, so that the same function may listen twice and stop once.
          const listener = (bell: Doorbell): void => hear(bell);
          listeners.add(listener);
          own.add(listener);
          return () => void listeners.delete(listener);
        },
        async close() {
          for (const listener of own) listeners.delete(listener);
        },
      };
    },
  };
}
