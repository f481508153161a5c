import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { auditedFolder } from "./audited-folder.ts";
import { type Options, parseCommandLine } from "./command-line.ts";
import { Complaint } from "./complaint.ts";
import { howToGoOn } from "./how-to-go-on.ts";
import { Interrupt } from "./interrupt.ts";
import { printReport } from "./print-report.ts";
import { Progress } from "./progress.ts";
import { reportSchema } from "./report.ts";
import type { Audit } from "./run-audit.ts";
import { writeOut } from "./standard-output.ts";
import { storePlace } from "./store-place.ts";

const REPOSITORY = resolve(import.meta.dirname, "../../..");

/** Where the user is: pnpm runs scripts in the folder of the package. */
const CWD = process.env.INIT_CWD ?? process.cwd();

async function main(args: readonly string[]): Promise<number> {
  const interrupt = new Interrupt();
  const options = parseCommandLine(args);
  if (!options) return 0;
  const dir = auditedFolder(resolve(CWD, options.dir ?? REPOSITORY));
  const place = storePlace(options, { repository: REPOSITORY, cwd: CWD, dir });
  const progress = new Progress(process.stderr);
  progress.start();
  void interrupt.asked.then(() => progress.say("stopping; Ctrl-C again stops at once"));
  try {
    // Loaded only now: a mistyped word need not wait half a second for a parser and a database.
    const { runAudit } = await import("./run-audit.ts");
    const audit = await runAudit(dir, place, progress, interrupt);
    progress.stop();
    if (!audit) {
      progress.say(`stopped; ${howToGoOn(dir, options, place)}`);
      return interrupt.code ?? 1;
    }
    await writeOut(textFor(audit, options));
    return 0;
  } finally {
    progress.stop();
    if (place.toRemove && interrupt.code === undefined) rmSync(place.toRemove, { recursive: true, force: true });
  }
}

function textFor({ report, run }: Audit, { json }: Options): string {
  if (json) return `${JSON.stringify({ report: reportSchema.parse(report), run }, undefined, 2)}\n`;
  const { isTTY, columns = 100 } = process.stdout;
  return printReport(report, { colour: isTTY === true && !process.env.NO_COLOR, width: columns });
}

// A closed terminal must not end the audit in the middle of a message.
process.stderr.on("error", () => {});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Complaint)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
process.exit();
