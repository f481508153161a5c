import { mustBeSent } from "./mail.ts";
import type { OwnerSelf } from "./owner-state.ts";
import { emptyTally, merge, type Tally } from "./tally.ts";
import { weightOf } from "./tally-weight.ts";

/** The lead is told of a tally in parts of about so many characters: few messages, and a small state. */
const PART_CHARS = 64 * 1024;

/** Adds to what the lead will be told, and tells it once that is enough. */
export function tellTally(self: OwnerSelf, tally: Tally): void {
  const { state } = self;
  state.tally = merge(state.tally, tally);
  state.weight += weightOf(tally);
  if (state.weight >= PART_CHARS) tellRest(self);
}

/** Tells the lead what it has not been told yet. */
export function tellRest(self: OwnerSelf): void {
  const { state } = self;
  if (!state.task || state.weight === 0) return;
  mustBeSent(self.tell(state.task.lead, "part", { tally: state.tally }));
  state.tally = emptyTally;
  state.weight = 0;
  state.parts += 1;
}
