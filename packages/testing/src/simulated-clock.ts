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
  readonly fn: () => void;
  cancelled: boolean;
}

/** A clock that stands still until it is told to move. Callbacks run in the order of their times, then of their making. */
export function simulatedClock({ start = Date.UTC(2026, 0, 1) }: { readonly start?: number } = {}): SimulatedClock {
  let elapsed = 0;
  let wall = start;
  /** The soonest last; of the same time the oldest last. */
  const timers: Timer[] = [];
  let cancelled = 0;
  let soonQueue: (() => void)[] = [];
  let soonPlace = 0;

  function add(timer: Timer): void {
    let low = 0;
    let high = timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((timers[middle] as Timer).at <= timer.at) high = middle;
      else low = middle + 1;
    }
    timers.splice(low, 0, timer);
  }

  function takeTimer(until: number): Timer | undefined {
    for (let timer = timers.at(-1); timer !== undefined && timer.at <= until; timer = timers.at(-1)) {
      timers.pop();
      if (!timer.cancelled) return timer;
      cancelled -= 1;
    }
    return undefined;
  }

  function takeSoon(): (() => void) | undefined {
    if (soonPlace < soonQueue.length) return soonQueue[soonPlace++];
    soonQueue = [];
    soonPlace = 0;
    return undefined;
  }

  /** One callback, the soonest; false if none is due until then. */
  function step(until: number): boolean {
    const soon = takeSoon();
    if (soon) {
      soon();
      return true;
    }
    const timer = takeTimer(until);
    if (!timer) return false;
    timer.cancelled = true;
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
      const timer: Timer = { at: elapsed + Math.max(0, ms), fn, cancelled: false };
      add(timer);
      return () => {
        if (!timer.cancelled) cancelled += 1;
        timer.cancelled = true;
      };
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
      return timers.length - cancelled;
    },
  };
}

/** Node runs every promise job, however deep, before it comes to an immediate. */
function promiseJobs(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
