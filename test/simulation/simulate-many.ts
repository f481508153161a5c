import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { SimulateOptions } from "./options.ts";
import type { Failure, Findings, Orders } from "./seed-process.ts";
import { noneYet, SOMETIMES, type SometimeCounts } from "./sometimes.ts";

/** Small enough for a steady report, large enough that asking for more costs nothing. */
const WORLDS_AT_ONCE = 50;
/** A world lives for about a hundredth of a second; one that takes this long will not come to an end. */
const HUNG_MS = 60_000;

export interface Total {
  readonly seeds: number;
  readonly messages: number;
  readonly turns: number;
  readonly failures: readonly Failure[];
  readonly sometimes: SometimeCounts;
  readonly ms: number;
}

type Ordered = Pick<SimulateOptions, "seed" | "seeds" | "minutes" | "processes" | "untilFailure" | "mutant">;

/** Lives many worlds, in several processes. Ends early when `signal` is aborted, with what there is by then. */
export async function simulateMany(
  options: Ordered,
  signal: AbortSignal,
  progress: (total: Total) => void = () => undefined,
): Promise<Total> {
  const started = performance.now();
  const end = started + options.minutes * 60_000;
  const failures: Failure[] = [];
  const sometimes = noneYet();
  let total: Total = { seeds: 0, messages: 0, turns: 0, failures, sometimes, ms: 0 };
  let given = 0;

  const isOver = () =>
    signal.aborted ||
    given >= options.seeds ||
    performance.now() >= end ||
    (options.untilFailure && failures.length > 0);
  const add = (found: Findings): void => {
    failures.push(...found.failures);
    for (const what of SOMETIMES) sometimes[what] += found.sometimes[what];
    const { seeds, messages, turns } = total;
    total = {
      ...total,
      seeds: seeds + found.seeds,
      messages: messages + found.messages,
      turns: turns + found.turns,
      ms: performance.now() - started,
    };
    progress(total);
  };
  const work = async (): Promise<void> => {
    await using child = new SeedProcess(options.mutant);
    while (!isOver()) {
      const seed = options.seed + given;
      const seeds = Math.min(WORLDS_AT_ONCE, options.seeds - given);
      given += seeds;
      const found = await child.simulate({ seed, seeds, untilFailure: options.untilFailure }, signal);
      if (found !== undefined) add(found);
    }
  };
  const processes = Math.min(options.processes, Math.ceil(options.seeds / WORLDS_AT_ONCE));
  await Promise.all(Array.from({ length: processes }, work));
  return total;
}

class SeedProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  #errors = "";

  constructor(mutant: string | undefined) {
    const planting = mutant === undefined ? [] : ["--import", join(import.meta.dirname, "mutants/plant.ts")];
    this.#child = fork(join(import.meta.dirname, "seed-process.ts"), {
      execArgv: ["--conditions=source", ...planting],
      env: { ...process.env, ...(mutant !== undefined && { TROUPE_MUTANT: mutant }) },
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000);
    });
  }

  /** What it found; that it crashed or hung is a finding as well. Undefined when it was told to stop. */
  simulate(orders: Orders, signal: AbortSignal): Promise<Findings | undefined> {
    const child = this.#child;
    return new Promise((resolve) => {
      const done = (findings: Findings | undefined): void => {
        clearTimeout(late);
        child.off("message", hear).off("exit", gone);
        signal.removeEventListener("abort", stop);
        resolve(findings);
      };
      const hear = (findings: unknown) => done(findings as Findings);
      const gone = () => done(broken(orders, `the process ended: ${this.#errors}`));
      const stop = () => done(undefined);
      const late = setTimeout(() => {
        child.kill("SIGKILL");
        done(broken(orders, `no answer after ${HUNG_MS} ms`));
      }, HUNG_MS);
      child.on("message", hear).on("exit", gone);
      signal.addEventListener("abort", stop);
      if (child.exitCode !== null || child.signalCode !== null) gone();
      else child.send(orders);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await gone;
  }
}

function broken({ seed, seeds }: Orders, detail: string): Findings {
  const what = `of the seeds ${seed} to ${seed + seeds - 1}: ${detail}`;
  return {
    seeds,
    messages: 0,
    turns: 0,
    failures: [{ seed, violations: [{ promise: "goes on", detail: what }] }],
    sometimes: noneYet(),
  };
}
