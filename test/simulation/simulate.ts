import { readOptions, type SimulateOptions, USAGE } from "./options.ts";
import { hasFailed, progressLine, report } from "./report.ts";
import { simulateMany } from "./simulate-many.ts";
import { simulateSeed } from "./simulate-seed.ts";
import { noneYet } from "./sometimes.ts";
import { Trace } from "./trace.ts";

// Lives simulated worlds and checks that every promise was kept in each: `pnpm simulate`.

const PROGRESS_MS = 5_000;

let options: SimulateOptions;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exit(2);
}

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());

if (options.seeds === 1 && options.trace) await show(options.seed);
else await many(options);

async function many(ordered: SimulateOptions): Promise<void> {
  console.error(`worlds from seed ${ordered.seed} on`);
  let told = performance.now();
  let failed = 0;
  const total = await simulateMany(ordered, interrupted.signal, (sofar) => {
    for (const { seed, violations } of sofar.failures.slice(failed))
      console.error(`seed ${seed}: ${violations[0]?.promise}`);
    failed = sofar.failures.length;
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    console.error(`… ${progressLine(sofar)}`);
  });
  const first = total.failures[0];
  if (ordered.trace && first !== undefined) await show(first.seed);
  console.log(report(total));
  if (hasFailed(total)) process.exitCode = 1;
  if (interrupted.signal.aborted) process.exitCode = 130;
}

/** One world, with all that happens in it. */
async function show(seed: number): Promise<void> {
  const trace = new Trace((line) => console.log(line));
  const { violations, messages, turns } = await simulateSeed(seed, noneYet(), trace);
  for (const { promise, detail } of violations) console.log(`WRONG  ${promise}: ${trace.shorten(detail)}`);
  console.log(`seed ${seed}: ${messages} messages, ${turns} turns, ${violations.length} wrongs`);
  if (violations.length > 0) process.exitCode = 1;
}
