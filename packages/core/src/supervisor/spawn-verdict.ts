import { type Refusal, refuse } from "../refusal.ts";
import type { Limits } from "./limits.ts";

/** What the structural caps look at before an actor or a group is spawned. */
export interface SpawnRequest {
  readonly what: "actor" | "group";
  /** Who spawns, for the message. */
  readonly by: string;
  /** Actors and groups it has spawned so far. */
  readonly children: number;
  /** Members of its group, those on their way included. */
  readonly members: number;
  /** Level of its group; the root group is 1. */
  readonly depth: number;
  readonly limits: Limits;
}

/** The structural cap that a spawn would break; undefined if it breaks none. The run's totals are the ledger's to say. */
export function spawnVerdict({ what, by, children, members, depth, limits }: SpawnRequest): Refusal | undefined {
  if (children >= limits.children)
    return refuse("limit_children", `${by} has spawned ${children}, the limit; hand the work to those there are`);
  if (what === "actor" && members >= limits.members)
    return refuse("limit_members", `the group of ${by} has ${members} members, the limit`);
  if (what === "group" && depth >= limits.depth)
    return refuse("limit_depth", `the group of ${by} is at level ${depth}, the limit`);
  return undefined;
}
