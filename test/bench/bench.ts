import { judgeAims } from "./aims.ts";
import { measure } from "./measure.ts";
import { readOptions } from "./options.ts";
import { report } from "./report.ts";

// What the runtime costs, beside the bare commit statement: `pnpm bench`, about two minutes. The ratios are what counts,
// since both sides of one are measured in turns. `--only postgres,embedded,memory,idle` and `--sizes 1,256` pick parts,
// `--rounds` and `--round-ms` take more or less time, `--quick` only shows that it works, `--json` is for programs.
// Where the time goes: node --conditions=source --cpu-prof test/bench/bench.ts --only memory --sizes 256

const options = readOptions(process.argv.slice(2));
const findings = await measure(options, (what) => console.error(`… ${what}`));
console.log(options.json ? JSON.stringify({ ...findings, aims: judgeAims(findings) }) : report(findings));
