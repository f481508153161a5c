import { crashed, exhausted, poolerKilled, stoppedAtOnce, terminated } from "./database-faults.ts";
import { logFull, tablesFull } from "./disk-faults.ts";
import type { Fault } from "./fault.ts";
import {
  cutWhenAnswered,
  cutWhenSent,
  dropped,
  lostOnTheWay,
  lostOnTheWayBack,
  reset,
  stalled,
} from "./network-faults.ts";
import { kill, retire, suspend } from "./worker-faults.ts";

/** Everything that is done to the workers, the network and the database. */
export const FAULTS = {
  kill,
  suspend,
  retire,
  terminated,
  stoppedAtOnce,
  crashed,
  cutWhenSent,
  cutWhenAnswered,
  dropped,
  reset,
  stalled,
  lostOnTheWay,
  lostOnTheWayBack,
  tablesFull,
  logFull,
  exhausted,
  poolerKilled,
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];
