import { type Outcome, simulateSeed } from "./simulate-seed.ts";
import { noneYet, type SometimeCounts } from "./sometimes.ts";

// Lives worlds in a process of its own: it is told a first seed and a count, and tells what came of them.

export interface Orders {
  readonly seed: number;
  readonly seeds: number;
  readonly untilFailure: boolean;
}

export interface Failure {
  readonly seed: number;
  readonly violations: Outcome["violations"];
}

export interface Findings {
  readonly seeds: number;
  readonly messages: number;
  readonly turns: number;
  readonly failures: readonly Failure[];
  readonly sometimes: SometimeCounts;
}

async function simulate({ seed, seeds, untilFailure }: Orders): Promise<Findings> {
  const sometimes = noneYet();
  const failures: Failure[] = [];
  let [messages, turns, done] = [0, 0, 0];
  while (done < seeds && !(untilFailure && failures.length > 0)) {
    const outcome = await simulateSeed(seed + done, sometimes);
    messages += outcome.messages;
    turns += outcome.turns;
    if (outcome.violations.length > 0) failures.push({ seed: seed + done, violations: outcome.violations });
    done += 1;
  }
  return { seeds: done, messages, turns, failures, sometimes };
}

process.on("message", (orders: Orders) => {
  void simulate(orders).then((findings) => process.send?.(findings));
});
// The one who gives the orders is gone.
process.on("disconnect", () => process.exit());
