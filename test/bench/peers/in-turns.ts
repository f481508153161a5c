import type { Lab } from "../lab.ts";
import { HostedSystem } from "./hosted-system.ts";
import { type Standing, standingsOf } from "./standing.ts";
import type { Measured } from "./system.ts";
import type { Candidate } from "./systems.ts";

interface Entrant {
  readonly candidate: Candidate;
  readonly rounds: Measured[];
  system: HostedSystem | undefined;
  failure: string | undefined;
}

/** What a system is started with. */
export type ArgsFor = (candidate: Candidate) => Promise<readonly unknown[]>;

/**
 * Starts all of them, each in a process of its own, warms them up, and measures them in turns: what disturbs the machine
 * disturbs all. One that fails is left out from there on.
 */
export async function measureInTurns(
  lab: Lab,
  candidates: readonly Candidate[],
  argsFor: ArgsFor,
): Promise<Standing[]> {
  const ms = lab.roundMs();
  const entrants = candidates.map(
    (candidate): Entrant => ({ candidate, rounds: [], system: undefined, failure: undefined }),
  );
  try {
    for (const entrant of entrants) {
      await attempt(entrant, async ({ candidate }) => {
        entrant.system = await HostedSystem.start(candidate.file, await argsFor(candidate), candidate.isApart === true);
        await entrant.system.round(ms);
      });
    }
    for (let round = 0; round < lab.rounds(3); round++) {
      for (const entrant of entrants) {
        await attempt(entrant, async ({ system, rounds }) => {
          if (system !== undefined) rounds.push(await system.round(ms));
        });
      }
    }
  } finally {
    await Promise.all(entrants.map(({ system }) => system?.[Symbol.asyncDispose]()));
  }
  return standingsOf(entrants);
}

async function attempt(entrant: Entrant, work: (entrant: Entrant) => Promise<void>): Promise<void> {
  if (entrant.failure !== undefined) return;
  try {
    await work(entrant);
  } catch (error) {
    entrant.failure = error instanceof Error ? error.message : String(error);
    console.error(`${entrant.candidate.name} is left out:`, error);
  }
}
