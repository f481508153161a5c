import type { Bus, Doorbell } from "./ports/bus.ts";
import type { Clock } from "./ports/clock.ts";

/** Doorbells within one process. */
export function localBus({ clock }: { readonly clock: Clock }): Bus {
  const listeners = new Set<(bell: Doorbell) => void>();
  let rung: Doorbell[] = [];
  let closed = false;

  function deliver(): void {
    const bells = rung;
    rung = [];
    // A copy: a listener may stop itself or start another one.
    for (const bell of bells) {
      for (const hear of [...listeners]) if (listeners.has(hear)) hear(bell);
    }
  }

  return {
    ring(bells) {
      if (closed || bells.length === 0) return;
      if (rung.length === 0) clock.soon(deliver);
      rung.push(...bells);
    },
    listen(hear) {
      // Wrapped, so that the same function may listen twice and stop once.
      const listener = (bell: Doorbell): void => hear(bell);
      if (!closed) listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closed = true;
      rung = [];
      listeners.clear();
    },
  };
}
