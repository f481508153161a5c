import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<CliExit>;
  /** Resolves when both outputs together hold this text; rejects if the process ends before. */
  said(text: string): Promise<void>;
}

/** Starts the real command line, without what the environment of the tests would add to it. */
export function startCli(args: readonly string[], { cwd, env }: Surroundings = {}): CliProcess {
  const { TROUPE_STORE, TROUPE_SCHEMA, NO_COLOR, FORCE_COLOR, NODE_OPTIONS, ...clean } = process.env;
  const child = spawn(process.execPath, ["--conditions=source", CLI, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...clean, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const exit = new Promise<CliExit>((resolve, reject) => {
    child.once("error", reject).once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  const said = async (text: string) => {
    const heard = Promise.withResolvers<void>();
    const listen = () => (output.stdout + output.stderr).includes(text) && heard.resolve();
    listeners.add(listen);
    listen();
    const ended = exit.then(({ code, stdout, stderr }) => {
      throw new Error(`ended with ${code} before it said ${text}:\n${stdout}${stderr}`);
    });
    await Promise.race([heard.promise, ended]).finally(() => listeners.delete(listen));
    ended.catch(() => undefined);
  };
  return { child, exit, said };
}

/** Runs the command line to its end. */
export function callCli(args: readonly string[], surroundings?: Surroundings): Promise<CliExit> {
  return startCli(args, surroundings).exit;
}
