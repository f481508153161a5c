import { setTimeout } from "node:timers/promises";
import { oracleJson } from "./oracle.ts";
import { type Ended, runProgram, startProgram } from "./program.ts";
import { doneAgain, type Remembered, rememberedOf } from "./remembered.ts";
import { waitForLines, witnessLines } from "./witness.ts";

export interface Killing {
  readonly dir: string;
  readonly store: string;
  /** Of this audit in this store. */
  readonly key: string;
  /** A file that does not exist. */
  readonly witness: string;
  /** At most so many: it may be done before. */
  readonly kills: number;
  /** The share of kills that come in the first second, whatever has been done by then. */
  readonly early: number;
  readonly random: () => number;
}

export interface Survived {
  /** The report of the audit that was killed, and of one that was not, and the oracle's. */
  readonly reports: readonly string[];
  /** Steps that were carried out although their results were remembered. */
  readonly doneAgain: readonly string[];
  /** Turns and steps that were remembered at the last kill. */
  readonly remembered: number;
  readonly kills: number;
  readonly resumed: number;
  /** Steps that were carried out, and those that a kill took the results of. */
  readonly steps: number;
  readonly lost: number;
}

/** Audits a folder, with the program killed at random moments and started again. */
export async function auditWithKills({ dir, store, key, witness, kills, early, random }: Killing): Promise<Survived> {
  const undisturbed = `${witness}-undisturbed`;
  const other = await runProgram([dir, "--json", "--store", "memory:"], { env: witnessIn(undisturbed) });
  const lines = witnessLines(undisturbed).length;

  const args = [dir, "--json", "--store", store, "--key", key];
  const kept: { remembered: Remembered; from: number }[] = [];
  let last: Ended | undefined;
  for (let kill = 0; kill < kills && last === undefined; kill++) {
    const before = witnessLines(witness).length;
    // As far again, on average, as leaves something to do for the kills that follow.
    const further = random() < early ? 0 : Math.ceil(random() * 2 * (Math.max(0, lines - before) / (kills - kill + 1)));
    const { child, ended } = startProgram(args, { env: witnessIn(witness) });
    await waitForLines(witness, before + further, () => child.exitCode !== null);
    await setTimeout(random() * (further === 0 ? 1_000 : 20));
    child.kill("SIGKILL");
    const end = await ended;
    if (end.code !== null) last = end;
    else kept.push({ from: witnessLines(witness).length, remembered: await rememberedOf(store, key) });
  }
  last ??= await runProgram(args, { env: witnessIn(witness) });
  if (last.code !== 0) throw new Error(`it ended with ${last.code}: ${last.stderr}`);

  const all = witnessLines(witness);
  const steps = all.filter((line) => line.startsWith("step "));
  return {
    reports: [reportIn(last), reportIn(other), oracleJson(dir)],
    doneAgain: kept.flatMap(({ remembered, from }) => doneAgain(remembered, all.slice(from))),
    remembered: sizeOf(kept.at(-1)?.remembered),
    kills: kept.length,
    resumed: JSON.parse(last.stdout).run.resumed,
    steps: steps.length,
    lost: steps.length - new Set(steps).size,
  };
}

function sizeOf(remembered: Remembered | undefined): number {
  const closed = [...(remembered?.turns.values() ?? [])].reduce((sum, turn) => sum + turn - 1, 0);
  return closed + (remembered?.steps.size ?? 0);
}

function witnessIn(path: string): Record<string, string> {
  return { TROUPE_AUDIT_WITNESS: path };
}

function reportIn({ stdout }: Ended): string {
  return `${JSON.stringify(JSON.parse(stdout).report, undefined, 2)}\n`;
}
