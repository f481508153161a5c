import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Lab } from "./lab.ts";

const FLAGS = ["--conditions=source", "--expose-gc", "--max-old-space-size=8192"];

/** A program that takes longer hangs. */
const PATIENCE_MS = 300_000;

/** Runs a program in a process of its own, whose memory nothing else has used, and reads what it prints as JSON. */
export async function runProgram<Said>(lab: Lab, program: string, args: readonly string[]): Promise<Said> {
  const patience = { timeout: PATIENCE_MS, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, [...programFlags(lab), program, ...args], patience);
  return JSON.parse(stdout) as Said;
}

/** For Node, so that it runs a program from source; with a CPU profile where one is wanted. */
export function programFlags({ profiles }: Lab): readonly string[] {
  return profiles === undefined ? FLAGS : [...FLAGS, "--cpu-prof", `--cpu-prof-dir=${profiles}`];
}
