import type { RunId } from "../address.ts";
import type { RunEnd, RunRow, RunStatus, Spent } from "../ports/rows.ts";
import type { Limits } from "./limits.ts";

/**
 * What a run may still use, as this worker knows it: the account of the last commit, and what is reserved
 * by work that has not committed yet. A reservation ends with its turn; the commit charges what was used.
 */
export class RunLedger {
  readonly id: RunId;
  readonly definition: string;
  readonly limits: Limits;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  status: RunStatus;
  #spent: Spent;
  #turns = 0;
  #actors = 0;
  #groups = 0;

  constructor(row: RunRow) {
    this.id = row.id;
    this.definition = row.definition;
    this.limits = row.limits;
    this.deadline = row.createdAt + row.limits.wallMs;
    this.status = row.status;
    this.#spent = row.spent;
  }

  get spent(): Spent {
    return this.#spent;
  }

  /** Zero when nothing is reserved. */
  get reserved(): number {
    return Math.abs(this.#turns) + Math.abs(this.#actors) + Math.abs(this.#groups);
  }

  /** True if one more turn fits; then it is reserved until `releaseTurn`. */
  reserveTurn(): boolean {
    if (this.#spent.turns + this.#turns >= this.limits.turns) return false;
    this.#turns += 1;
    return true;
  }

  releaseTurn(): void {
    this.#turns -= 1;
  }

  /** The limit that another actor would break; undefined if it fits, and then it is reserved. */
  reserveActor(): "limit_actors" | undefined {
    const { limits } = this;
    if (
      this.#spent.actorsLiving + this.#actors >= limits.actors ||
      this.#spent.actors + this.#actors >= limits.actorsEver
    )
      return "limit_actors";
    this.#actors += 1;
    return undefined;
  }

  /** The same for a group, which comes with an actor: its admin. */
  reserveGroup(): "limit_actors" | "limit_groups" | undefined {
    if (this.#spent.groups + this.#groups >= this.limits.groups) return "limit_groups";
    const refused = this.reserveActor();
    if (refused === undefined) this.#groups += 1;
    return refused;
  }

  releaseSpawns(actors: number, groups: number): void {
    this.#actors -= actors;
    this.#groups -= groups;
  }

  /** The end of a run that has used one of its limits up. */
  overLimit(limit: keyof Limits): RunEnd {
    return { status: "failed", result: null, error: `limit_reached: ${limit} is ${this.limits[limit]}` };
  }

  settle(spent: Spent): void {
    this.#spent = spent;
  }
}
