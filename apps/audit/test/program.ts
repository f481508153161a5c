import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

const MAIN = resolve(import.meta.dirname, "../src/main.ts");

export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly uid?: number;
}

/** Starts the real program, as `pnpm start` does. It does not outlive the test. */
export function startProgram(args: readonly string[], { env, cwd, uid }: ProgramOptions = {}): Program {
  const { INIT_CWD: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, ["--conditions=source", MAIN, ...args], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid, gid: uid }),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const closed = new Promise<number | null>((end, fail) => child.once("close", end).once("error", fail));
  const ended = Promise.all([closed, buffer(child.stdout), buffer(child.stderr)]).then(([code, stdout, stderr]) => ({
    code,
    stdout: stdout.toString(),
    stderr: stderr.toString(),
  }));
  return { child, ended };
}

/** Runs the real program to its end. */
export function runProgram(args: readonly string[], options?: ProgramOptions): Promise<Ended> {
  return startProgram(args, options).ended;
}
