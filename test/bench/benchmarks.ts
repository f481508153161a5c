import type { Runnable } from "./benchmark.ts";
import { growingGroups } from "./growth/groups.ts";
import { growingKnown } from "./growth/known.ts";
import { growingMembers } from "./growth/members.ts";
import { idleActors } from "./memory/idle-actors.ts";
import { passiveActors } from "./memory/passive-actors.ts";
import { modelCalls } from "./model-calls/model-calls.ts";
import { policySimulation } from "./policy/policy-simulation.ts";
import { takeOver } from "./take-over/take-over.ts";
import { embeddedTurns } from "./turns/embedded-turns.ts";
import { memoryTurns } from "./turns/memory-turns.ts";
import { postgresTurns } from "./turns/postgres-turns.ts";

/** Everything that can be measured, in the order in which it is. */
export const BENCHMARKS: readonly Runnable[] = [
  postgresTurns,
  embeddedTurns,
  memoryTurns,
  growingGroups,
  growingMembers,
  growingKnown,
  idleActors,
  passiveActors,
  takeOver,
  modelCalls,
  policySimulation,
];
