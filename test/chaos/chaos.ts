import { drive } from "./drive.ts";
import { shortOf } from "./goals.ts";
import { readOptions } from "./options.ts";
import { report } from "./report.ts";

// Real processes, a real database, and everything that can go wrong: `pnpm chaos --hours 1`. `--minutes`, `--pace 2` (twice the faults), `--seed`,
// `--workers`, `--lease` and `--customers` change it, `--only kill,suspend` picks faults, `--json` is for programs.
// Ends with 1 if anything was lost, doubled or out of order, or if a figure was not reached.

const options = readOptions(process.argv.slice(2));
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());

console.error(`seed ${options.seed}: the same seed gives the same schedule of faults; what each of them meets differs`);
try {
  const outcome = await drive(options, (line) => console.error(line), stop.signal);
  console.log(options.json ? JSON.stringify({ options, ...outcome }) : report(outcome));
  process.exitCode = outcome.violations.length > 0 || shortOf(outcome.goals).length > 0 ? 1 : 0;
} catch (error) {
  if (!stop.signal.aborted) throw error;
  console.error("stopped; nothing was checked");
  process.exitCode = 130;
}
