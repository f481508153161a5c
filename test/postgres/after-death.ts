import { spawn } from "node:child_process";

/**
 * Runs a script of `sh` once this process is gone, even if it was killed; `$1` and so on are the words. A shell in a
 * session of its own waits for the end of a pipe that only we hold open. Returns a function that calls it off.
 */
export function afterDeath(script: string, ...words: readonly string[]): () => void {
  const shell = spawn("sh", ["-c", `read -r _; ${script}`, "after-death", ...words], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {}); // No shell, no sweeping: then it is up to whoever should have done it.
  shell.unref();
  if (shell.stdin && "unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  return () => shell.kill();
}
