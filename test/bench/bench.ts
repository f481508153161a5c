import type { Outcome, Runnable } from "./benchmark.ts";
import { BENCHMARKS } from "./benchmarks.ts";
import { Lab } from "./lab.ts";
import { describeMachine } from "./machine.ts";
import { readOptions } from "./options.ts";
import { json, report } from "./report.ts";

// What the runtime costs, beside what it could at best: `pnpm bench`, eleven minutes. The ratios are what counts, since
// both sides of one are measured in turns. `--only postgres,idle` picks benchmarks and `--sizes 1,256` what they vary,
// `--rounds` and `--round-ms` take more or less time, `--quick` only shows that it works, `--json` is for programs,
// `--profile FOLDER` writes CPU profiles.

const options = readOptions(process.argv.slice(2));
const chosen = options.only?.map(benchmarkOf) ?? BENCHMARKS;
await using lab = new Lab(options, (what) => console.error(`… ${what}`));
lab.say("the machine");
const machine = await describeMachine();
const outcomes: Outcome[] = [];
for (const benchmark of chosen) outcomes.push(await benchmark.run(lab));
console.log((options.json ? json : report)({ machine, outcomes }));

function benchmarkOf(name: string): Runnable {
  const found = BENCHMARKS.find((known) => known.name === name);
  if (found !== undefined) return found;
  throw new Error(`no benchmark is called ${name}; there are ${BENCHMARKS.map((known) => known.name).join(", ")}`);
}
