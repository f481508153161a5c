import { spawn } from "node:child_process";

const SWEEP = `read -r _; kill -QUIT "$(head -n 1 "$1/postmaster.pid")"; rm -rf "$2"; sleep 0.5; rm -rf "$2"`;

/**
 * Ends the server over `data` and removes `home` once this process is gone, even if it was killed: a shell in a session
 * of its own waits for the end of a pipe that only we hold open. Returns a function that calls the shell off.
 */
export function sweepAfterDeath(data: string, home: string): () => void {
  const shell = spawn("sh", ["-c", SWEEP, "sweep", data, home], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {}); // No shell, no sweeping: then it is up to `stop`.
  shell.unref();
  if (shell.stdin && "unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  return () => shell.kill();
}
