import { type Clock, systemClock } from "@troupe/core";

const LOOK_MS = 20;
/** A longer gap between two looks at the clock is time in which the process was stopped. */
const GAP_MS = 250;

/** A monotonic clock as a suspended machine has it: it does not count the time in which nothing ran. */
export function clockThatStandsStill(): Clock {
  let last = performance.now();
  let counted = 0;
  const look = () => {
    const now = performance.now();
    counted += Math.min(now - last, GAP_MS);
    last = now;
    return counted;
  };
  setInterval(look, LOOK_MS).unref();
  return { ...systemClock, monotonic: look };
}
