import type { RunInspection, RunRow, Store } from "@troupe/core";
import { Failure } from "./failure.ts";

const NEWEST = 1_000;

/** The run that a word on the command line means: its id, its key, or the beginning of either that no other run shares. */
export async function findRun(store: Store, word: string): Promise<RunInspection> {
  const exact = await store.inspect(word);
  if (exact) return exact;
  const id = onlyMatch(await store.listRuns(NEWEST), word, store.label);
  const found = await store.inspect(id);
  return found ?? fail(`run ${id} has just been removed`);
}

function onlyMatch(runs: readonly RunRow[], word: string, label: string): string {
  const named = runs.filter((run) => run.key === word);
  const matches = named.length > 0 ? named : runs.filter(({ id, key }) => id.startsWith(word) || key?.startsWith(word));
  const [first, ...others] = matches;
  if (first === undefined || word === "") return fail(`no run in ${label} has the id or key ${JSON.stringify(word)}`);
  if (others.length === 0) return first.id;
  const some = matches.slice(0, 5).map(({ id, key }) => (key === null ? id : `${id} (${key})`));
  return fail(
    `${JSON.stringify(word)} can mean ${matches.length} runs: ${some.join(", ")}${others.length > 4 ? ", …" : ""}`,
  );
}

function fail(text: string): never {
  throw new Failure(1, "run_unknown", text);
}
