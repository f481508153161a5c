import { readdirSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { wrongUse } from "./failure.ts";

const RUNNABLE = /\.[cm]?[jt]s$/;

/** The full path of a script that Node can run. Throws a failure that says what may have been meant. */
export function findScript(given: string): string {
  const path = resolve(given);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw wrongUse(`there is no file ${given}${suggestion(path)}`);
  if (found.isDirectory()) throw wrongUse(`${given} is a folder; name a script in it${suggestion(path)}`);
  if (!RUNNABLE.test(path)) throw wrongUse(`${given} is no script; it must end in .ts, .mts, .cts, .js, .mjs or .cjs`);
  if (/ts$/.test(path) && !process.features.typescript) {
    throw wrongUse(`Node ${process.versions.node} cannot run TypeScript; it takes 22.18 or later`);
  }
  return path;
}

/** The script nearby whose name is most like the one that is not there. */
function suggestion(path: string): string {
  const wanted = stem(path);
  const close = scriptsIn(dirname(path)).filter(
    (name) => distance(stem(name), wanted) <= Math.max(1, wanted.length * 0.4),
  );
  const [best] = close.sort((one, other) => distance(one, basename(path)) - distance(other, basename(path)));
  return best === undefined ? "" : `; did you mean ${best}?`;
}

function scriptsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => RUNNABLE.test(name));
  } catch {
    return [];
  }
}

function stem(path: string): string {
  return basename(path).replace(RUNNABLE, "");
}

/** Levenshtein: how many letters to change, add or leave out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let at = 0; at < other.length; at++) {
      const change = (row[at] ?? 0) + (other[at] === letter ? 0 : 1);
      next.push(Math.min(change, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
