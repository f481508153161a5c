import { parseArgs } from "node:util";
import { FAULT_NAMES, type FaultName } from "./faults/faults.ts";

export interface ChaosOptions {
  readonly totalMs: number;
  /** How many times the usual number of faults. */
  readonly pace: number;
  readonly seed: number;
  readonly workers: number;
  readonly leaseMs: number;
  /** Runs that are open at the same time. */
  readonly customers: number;
  /** Hands of each group. */
  readonly hands: number;
  readonly faults: readonly FaultName[];
  readonly json: boolean;
  /** Says of every fault when it begins and ends. */
  readonly verbose: boolean;
}

const MINUTE_MS = 60_000;

export function readOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: args.filter((word) => word !== "--"),
    options: {
      minutes: { type: "string" },
      hours: { type: "string" },
      pace: { type: "string", default: "1" },
      seed: { type: "string" },
      workers: { type: "string", default: "4" },
      lease: { type: "string", default: "1500" },
      customers: { type: "string", default: "5" },
      hands: { type: "string", default: "3" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
  });
  const minutes = values.hours === undefined ? numberOf("minutes", values.minutes ?? "2") : 60 * Number(values.hours);
  return {
    totalMs: minutes * MINUTE_MS,
    pace: numberOf("pace", values.pace),
    seed: numberOf("seed", values.seed ?? String(Math.floor(Math.random() * 2 ** 32))),
    workers: numberOf("workers", values.workers),
    leaseMs: numberOf("lease", values.lease),
    customers: numberOf("customers", values.customers),
    hands: numberOf("hands", values.hands),
    faults: values.only?.split(",").map(faultOf) ?? FAULT_NAMES,
    json: values.json,
    verbose: values.verbose,
  };
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!(number >= 0)) throw new Error(`--${name} ${text}: this is no number`);
  return number;
}

function faultOf(name: string): FaultName {
  const fault = FAULT_NAMES.find((known) => known === name);
  if (fault === undefined) throw new Error(`no fault is called ${name}; there are ${FAULT_NAMES.join(", ")}`);
  return fault;
}
