import type { Kinds } from "@troupe/core";
import type { Client } from "pg";
import { checkRun } from "../history/check-run.ts";
import { type Violation, wasCutShort } from "../history/history.ts";
import { checkEffects } from "./check-effects.ts";
import { SORTS } from "./jobs.ts";
import { CHIEF } from "./load/chief.ts";
import { HAND, POISON } from "./load/hand.ts";
import { DOOR, HUB, KEEPER } from "./load/hub.ts";
import type { Errand } from "./outside.ts";
import { type Account, HistoryReader, historyClient } from "./read-history.ts";
import type { Sighting } from "./witness.ts";

const KINDS = new Map<string, Kinds>(
  Object.entries({ hub: HUB, door: DOOR, keeper: KEEPER, chief: CHIEF, hand: HAND }),
);
/** Runs that are read at once. */
const BATCH = 10;

/** What there was to check, in numbers. */
export type Checked = Record<string, number>;

/** Everything that is wrong with what is left in the database and the world outside. */
export async function checkStore(url: string, witnessUrl: string, errands: readonly Errand[]) {
  const [store, witness] = [await historyClient(url), await historyClient(witnessUrl)];
  try {
    const runs = new Map(
      errands.flatMap((errand) => (errand.run === undefined ? [] : [[errand.run, errand] as const])),
    );
    const reader = new HistoryReader(store, KINDS, new Map([...runs].map(([run, { tally }]) => [run, tally])));
    const violations = [...(await checkErrands(store, errands))];
    const checked: Checked = {};
    const ids = [...runs.keys()];
    for (let place = 0; place < ids.length; place += BATCH) {
      const batch = ids.slice(place, place + BATCH);
      for (const account of await reader.read(batch)) {
        violations.push(...checkRun(account.history), ...checkWords(account));
        countRun(account, checked);
      }
      const testimony = checkEffects(await readSightings(witness, batch));
      violations.push(...testimony.violations);
      add(checked, "effects of steps", testimony.effects);
      add(checked, "effects that happened again", testimony.repeats);
      add(checked, "of those, of workers without their shard", testimony.late);
    }
    return { violations, checked };
  } finally {
    await Promise.all([store.end(), witness.end()]);
  }
}

async function readSightings(witness: Client, runs: readonly string[]): Promise<Sighting[]> {
  const statement = "select id, key, life, proof from effects where run = any ($1) order by id";
  return (await witness.query<Sighting>(statement, [runs])).rows;
}

/** Every key is one run, and every run ended as its sort does. */
async function checkErrands(store: Client, errands: readonly Errand[]): Promise<Violation[]> {
  const found: Violation[] = [];
  const { rows } = await store.query<{ id: string; key: string }>("select id, key from troupe.runs");
  const stored = new Map(rows.map(({ id, key }) => [key, id]));
  if (rows.length !== errands.length)
    found.push({ promise: "one run for a key", detail: `${rows.length} runs for ${errands.length} keys` });
  for (const { key, run, sort, end } of errands) {
    if (run !== undefined && stored.get(key) !== run)
      found.push({
        promise: "nothing lost",
        detail: `${key} was acknowledged as ${run}; stored is ${stored.get(key)}`,
      });
    const ends: readonly string[] = SORTS[sort].ends;
    if (end !== undefined && !ends.includes(end))
      found.push({ promise: "ends as planned", detail: `${key} (${sort}) ended as ${end}` });
  }
  return found;
}

/** What the actors complain of, and failures that nobody planned. */
function checkWords({ memories, failures }: Account): Violation[] {
  const found: Violation[] = [];
  for (const [actor, { complaints }] of memories)
    for (const complaint of complaints) found.push({ promise: "answers", detail: `${actor} ${complaint}` });
  for (const { actor, error } of failures)
    if (!error.includes(POISON)) found.push({ promise: "no failure but the planned", detail: `${actor}: ${error}` });
  return found;
}

function countRun({ history, memories }: Account, checked: Checked): void {
  add(checked, "runs", 1);
  add(checked, "of those, ended before all was done", wasCutShort(history) ? 1 : 0);
  add(checked, "actors", history.actors.length);
  add(checked, "turns", history.turns.length);
  add(checked, "dead letters", history.deadLetters.length);
  for (const { refused } of memories.values())
    for (const [reason, count] of Object.entries(refused)) add(checked, `refused: ${reason}`, count);
}

function add(checked: Checked, what: string, count: number): void {
  checked[what] = (checked[what] ?? 0) + count;
}
