import { spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";

interface TestCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { status: string; assertionResults: readonly { status: string }[] }[];
}

/** Runs vitest, shows what it says, and counts what it ran. */
export async function runTests(files: readonly string[]): Promise<TestCount> {
  const file = `node_modules/.cache/troupe-tests-${process.pid}.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  try {
    const args = ["run", "--config=.config/vitest.config.ts", ...reporters, ...files];
    const child = spawn("vitest", args, { stdio: ["ignore", "inherit", "inherit"] });
    const code = await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
    const report = await readFile(file, "utf8").then(
      (text): Report => JSON.parse(text),
      () => undefined,
    );
    return tally(report, code === 0);
  } finally {
    await rm(file, { force: true });
  }
}

/**
 * A file that does not even load has no failed test, and neither has a run with an unhandled rejection: each counts
 * as one failure, lest the run look better than it is.
 */
function tally(report: Report | undefined, succeeded: boolean): TestCount {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  const failed = report.numFailedTests + broken.length;
  return {
    passed: report.numPassedTests,
    failed: succeeded ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
