import type { Clock } from "@troupe/core";

export interface SimulatedClock extends Clock {
  /** Lets `ms` pass: every timer due in that time and every `soon` callback runs, each after the promise jobs before it. */
  advance(ms: number): Promise<void>;
  /** Runs what is due now, and what that brings about, until nothing is; time stands still. */
  settle(): Promise<void>;
  /** Lets time pass as far as there are timers. Throws after `limit` callbacks: something reschedules itself for ever. */
  runUntilIdle(limit?: number): Promise<void>;
  /** Moves wall time alone, as an operator or a leap does. */
  jump(ms: number): void;
  /** Timers that have not run. */
  readonly pending: number;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
}

/** A clock that stands still until it is told to move. Callbacks run in the order of their times, then of their making. */
export function simulatedClock({ start = Date.UTC(2026, 0, 1) }: { readonly start?: number } = {}): SimulatedClock {
  let elapsed = 0;
  let wall = start;
  let order = 0;
  const timers = new Set<Timer>();
  const soonQueue: (() => void)[] = [];

  function nextTimer(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= until && (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)))
        next = timer;
    }
    return next;
  }

  /** One callback, the soonest; false if none is due until then. */
  function step(until: number): boolean {
    const soon = soonQueue.shift();
    if (soon) {
      soon();
      return true;
    }
    const timer = nextTimer(until);
    if (!timer) return false;
    timers.delete(timer);
    moveTo(timer.at);
    timer.fn();
    return true;
  }

  function moveTo(time: number): void {
    if (time <= elapsed) return;
    wall += time - elapsed;
    elapsed = time;
  }

  async function runUntil(until: number, limit = Infinity): Promise<void> {
    await promiseJobs();
    for (let count = 0; step(until); count++) {
      if (count >= limit) throw new Error(`${limit} callbacks ran, and there is still something to do`);
      await promiseJobs();
    }
  }

  return {
    now: () => wall,
    monotonic: () => elapsed,
    after(ms, fn) {
      const timer = { at: elapsed + Math.max(0, ms), order: order++, fn };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    soon: (fn) => void soonQueue.push(fn),
    async advance(ms) {
      const until = elapsed + ms;
      await runUntil(until);
      moveTo(until);
    },
    settle: () => runUntil(elapsed),
    runUntilIdle: (limit = 1_000_000) => runUntil(Infinity, limit),
    jump(ms) {
      wall += ms;
    },
    get pending() {
      return timers.size;
    },
  };
}

/** Node runs every promise job, however deep, before it comes to an immediate. */
function promiseJobs(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
