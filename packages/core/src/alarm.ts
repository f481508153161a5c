import type { Clock } from "./ports/clock.ts";

const LONGEST_MS = 3_600_000;

/** Calls `fn` once the wall clock has reached `at`, however far away that is; looks again every hour, since clocks jump. */
export function alarmAt(clock: Clock, at: number, fn: () => void): () => void {
  let cancel: () => void = nothing;
  const arm = (): void => {
    const left = at - clock.now();
    cancel = clock.after(Math.min(Math.max(left, 0), LONGEST_MS), () => (clock.now() >= at ? fn() : arm()));
  };
  arm();
  return () => cancel();
}

/** Calls `fn` every so many milliseconds, counted from the end of the call before. The answer stops it. */
export function repeat(clock: Clock, ms: number, fn: () => void): () => void {
  let cancel: () => void = nothing;
  const arm = (): void => {
    cancel = clock.after(ms, () => {
      fn();
      arm();
    });
  };
  arm();
  return () => cancel();
}

export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
}

function nothing(): void {}
