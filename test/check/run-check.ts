import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";
import type { Check } from "./checks.ts";

/** Runs one static check and prints one line, or all that the tool said if the check does not hold. */
export async function runCheck(check: Check): Promise<"passed" | "failed"> {
  const started = performance.now();
  const [tool, ...args] = check.command;
  const child = spawn(tool, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise<number | null>((resolve, reject) => child.once("close", resolve).once("error", reject));
  const [code, out, err] = await Promise.all([exit, buffer(child.stdout), buffer(child.stderr)]);

  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"}  ${check.name.padEnd(10)}  ${seconds.padStart(5)} s`);
  if (code === 0) return "passed";
  console.log(`\n${out}${err}`);
  return "failed";
}
