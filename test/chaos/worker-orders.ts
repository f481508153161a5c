import type { Day } from "./load/hub.ts";

/** What a worker is told, in lines of JSON on its standard input. */
export type Told =
  | { readonly type: "join"; readonly orders: WorkerOrders }
  | { readonly type: "submit"; readonly job: Job }
  | { readonly type: "leave" };

export interface WorkerOrders {
  readonly name: string;
  readonly store: string;
  /** Where its doorbells ring: not through a pooler. */
  readonly bus: string;
  readonly witness: string;
  readonly leaseMs: number;
  /** Takes time in which the process was stopped for time that has not passed, as a machine that was suspended does. */
  readonly standsStill: boolean;
}

export interface Job {
  readonly key: string;
  readonly day: Day;
  readonly limits: Readonly<Record<string, number>>;
}

/** What a worker says, in lines of JSON. */
export type Said =
  /** Its program is in memory; it waits for its orders. */
  | { readonly type: "loaded" }
  | { readonly type: "joined" }
  /** A commit of it was refused, since others have its shards. */
  | { readonly type: "fenced" }
  /** No answer to a commit came in time: whether it was applied is not known. */
  | { readonly type: "no_answer" }
  | { readonly type: "lease_over" }
  | { readonly type: "submitted"; readonly key: string; readonly run: string }
  | { readonly type: "not_submitted"; readonly key: string; readonly why: string }
  | { readonly type: "trouble"; readonly text: string };
