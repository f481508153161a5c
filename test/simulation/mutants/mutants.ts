import { COMMIT_MUTANTS } from "./commit-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { STORE_MUTANTS } from "./store-mutants.ts";
import { TURN_MUTANTS } from "./turn-mutants.ts";
import { WORKER_MUTANTS } from "./worker-mutants.ts";

/** Bugs that somebody could write. The simulated world has to notice every one of them. */
export const MUTANTS: readonly Mutant[] = [...STORE_MUTANTS, ...COMMIT_MUTANTS, ...TURN_MUTANTS, ...WORKER_MUTANTS];
