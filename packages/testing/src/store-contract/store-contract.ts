import { describe } from "vitest";
import { channelsContract } from "./channels.ts";
import { closingContract } from "./closing.ts";
import { commitsContract } from "./commits.ts";
import { deadLettersContract } from "./dead-letters.ts";
import type { OpenStore } from "./harness.ts";
import { inboxContract } from "./inbox.ts";
import { leasesContract } from "./leases.ts";
import { modelContract } from "./model/model-contract.ts";
import { refusalsContract } from "./refusals.ts";
import { restContract } from "./rest.ts";
import { runsContract } from "./runs.ts";
import { sweepsContract } from "./sweeps.ts";
import { valuesContract } from "./values.ts";

export interface StoreContractOptions {
  /** How many random lives of a store are held against the model. Default 50; a store in memory can take thousands. */
  readonly modelRuns?: number;
  /** False for a store that dies with its process. Default true: then the harness has to have `reopen`. */
  readonly durable?: boolean;
}

/** Registers vitest tests for every promise that the `Store` port makes. */
export function storeContract(
  name: string,
  open: OpenStore,
  { modelRuns = 50, durable = true }: StoreContractOptions = {},
): void {
  describe(`the store contract, held by ${name}`, () => {
    leasesContract(open);
    commitsContract(open);
    refusalsContract(open);
    restContract(open);
    inboxContract(open);
    runsContract(open);
    channelsContract(open);
    deadLettersContract(open);
    sweepsContract(open);
    valuesContract(open);
    closingContract(open, durable);
    modelContract(open, modelRuns);
  });
}
