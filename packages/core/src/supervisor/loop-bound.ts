import type { LogRow } from "../ports/rows.ts";

/**
 * How often the same two actors have sent each other something with nothing done in between, were this turn to write
 * back to `to`: 0 if the turn did something (a step, a spawn) or writes to someone else.
 */
export function bouncesOf(handled: LogRow, sender: string, to: string, acted: boolean): number {
  if (acted || sender !== to) return 0;
  return (handled.headers?.hops ?? 0) + 1;
}
