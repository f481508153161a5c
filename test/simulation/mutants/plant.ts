import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MUTANTS } from "./mutants.ts";
import { mutate } from "./mutate.ts";

// Loaded before everything else in a process that is to run with a planted bug: `--import`, and its name in
// TROUPE_MUTANT. The production code knows nothing of it: its source is changed on the way into this one process.

const name = process.env.TROUPE_MUTANT;
const mutant = MUTANTS.find((known) => known.name === name);
if (mutant === undefined)
  throw new Error(`no mutant is called ${name}; there are ${MUTANTS.map((known) => known.name)}`);
const file = join(import.meta.dirname, "../../..", mutant.file);
const url = pathToFileURL(file).href;

registerHooks({
  load(asked, context, nextLoad) {
    if (asked !== url) return nextLoad(asked, context);
    return { format: "module-typescript", source: mutate(readFileSync(file, "utf8"), mutant), shortCircuit: true };
  },
});
