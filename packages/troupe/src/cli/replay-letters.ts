import type { RunId, Store } from "@troupe/core";
import { Failure } from "./failure.ts";

/** Letters that were sent again, and those that could not be: their run has ended, or somebody was faster. */
export interface Replayed {
  readonly replayed: readonly string[];
  readonly skipped: readonly string[];
}

const EVERY_LETTER = 2_147_483_647;

/** Sends one letter again. Throws a failure that says why not. */
export async function replayOne(store: Store, id: string, run: RunId | undefined): Promise<Replayed> {
  const letter = (await store.deadLetters(run, EVERY_LETTER)).find((each) => each.id === id);
  if (letter === undefined) {
    const where = run === undefined ? store.label : `run ${run}`;
    throw new Failure(1, "dead_letter_unknown", `no dead letter in ${where} has the id ${JSON.stringify(id)}`);
  }
  if (await store.replay(id)) return { replayed: [id], skipped: [] };
  throw new Failure(1, "run_ended", `${id} cannot be sent again: its run has ended`, "give_up");
}

/** Sends all letters again, of a run or of the whole store, in the order in which they died. */
export async function replayAll(store: Store, run: RunId | undefined): Promise<Replayed> {
  const letters = await store.deadLetters(run, EVERY_LETTER);
  const replayed: string[] = [];
  const skipped: string[] = [];
  for (const { id } of letters.toReversed()) ((await store.replay(id)) ? replayed : skipped).push(id);
  return { replayed, skipped };
}
