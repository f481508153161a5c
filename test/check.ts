import { parseArgs } from "node:util";
import { CHECKS, type Check } from "./check/checks.ts";
import { runCheck } from "./check/run-check.ts";
import { runTests } from "./check/run-tests.ts";

// Everything that must hold before a change is kept: `pnpm test`, or a part of it: `pnpm test --only tsc,vitest`.
// Words that are not flags go to vitest, to pick test files: `pnpm test --only vitest mailbox`.

const CORES = 2;
const args = process.argv.slice(2).filter((word) => word !== "--"); // pnpm passes on the one of `pnpm test -- --only tsc`
const { values, positionals } = parseArgs({ args, options: { only: { type: "string" } }, allowPositionals: true });
const names = [...CHECKS.map((check) => check.name), "vitest"];
const wanted = values.only?.split(",") ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no check is called ${unknown.join(", ")}; there are ${names.join(", ")}`);
  process.exit(2);
}

const count = { passed: 0, failed: 0, skipped: 0 };

const waiting = CHECKS.filter((check) => wanted.includes(check.name));
async function work() {
  for (let check: Check | undefined = waiting.shift(); check; check = waiting.shift()) {
    count[await runCheck(check)] += 1;
  }
}
await Promise.all(Array.from({ length: CORES }, work));

if (wanted.includes("vitest")) {
  const tests = await runTests(positionals);
  count.passed += tests.passed;
  count.failed += tests.failed;
  count.skipped += tests.skipped;
}

const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
console.log(`\n${count.passed} passed, ${count.failed} failed${skipped}`);
process.exitCode = count.failed > 0 ? 1 : 0;
