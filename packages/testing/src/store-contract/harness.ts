import type { Store } from "@troupe/core";

/** A store under test, and what the suite may do to it. */
export interface StoreHarness {
  /** Empty, with at least two shards. */
  readonly store: Store;
  /** Another way to the same data, as a second process would have it. Without it, the first is used twice. */
  second?(): Promise<Store>;
  /** Closes the store and opens it again on the same data; for stores that outlive their process. */
  reopen?(): Promise<Store>;
  /** Moves the clock that the store judges leases by. Without it, the suite waits. */
  passTime?(ms: number): Promise<void>;
  /** Closes whatever is still open. Must bear that the store is closed already. */
  close(): Promise<void>;
}

/** Opens a new, empty store; called once a test. */
export type OpenStore = () => Promise<StoreHarness>;
