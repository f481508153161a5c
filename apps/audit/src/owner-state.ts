import type { Self } from "troupe";
import type { Area } from "./area.ts";
import type { BytePath } from "./byte-path.ts";
import type { Import } from "./import-resolver.ts";
import type { Lead, Owner, ownerKinds, Range } from "./mail.ts";
import type { Site } from "./site.ts";
import { emptyTally, type Tally } from "./tally.ts";
import type { Position } from "./walk.ts";

/** What an owner has been asked to do, and how far it is. None of it grows with the tree. */
export type OwnerState = {
  task: { readonly site: Site; readonly area: Area; readonly lead: Lead } | undefined;
  /** Who looks after the folders that were given away. */
  readonly below: { readonly folder: BytePath; readonly owner: Owner }[];
  belowDone: number;
  /** Where the walk through the area goes on; null at its end. */
  position: Position | null;
  /** How many chunks each reader has in hand. */
  readonly inHand: number[];
  /** What has been found out and not been told to the lead. */
  tally: Tally;
  weight: number;
  /** Parts of the tally that the lead was told, by the groups below as well. */
  parts: number;
  /** Imports that lead out of the area and that nobody has been asked about. */
  leaving: Import[];
  /** Imports that somebody has been asked about and has not answered. */
  asked: number;
  /** Who looks after what, as far as the lead has been asked. */
  readonly owners: Range[];
  done: boolean;
};

export type OwnerSelf = Self<typeof ownerKinds, OwnerState>;

export function newOwner(): OwnerState {
  return {
    task: undefined,
    below: [],
    belowDone: 0,
    position: null,
    inHand: [],
    tally: emptyTally,
    weight: 0,
    parts: 0,
    leaving: [],
    asked: 0,
    owners: [],
    done: false,
  };
}

/** Whether every file of the area has been read. */
export function hasRead(state: OwnerState): boolean {
  return state.task !== undefined && state.position === null && state.inHand.every((chunks) => chunks === 0);
}

/** Whether there is nothing left to do but answer others. */
export function isComplete(state: OwnerState): boolean {
  return hasRead(state) && state.leaving.length === 0 && state.asked === 0 && state.belowDone === state.below.length;
}
