/** What was counted in one stretch of time. */
export interface Measured {
  readonly ms: number;
  readonly hops: number;
  /** Milliseconds from one hop to the next; of use with a single token. */
  readonly gaps: readonly number[];
}

/** What is measured. It rests between rounds. */
export interface System {
  round(ms: number): Promise<Measured>;
}

/**
 * Starts a system on the database at `url` with so many tokens that go on for ever. A hop consumes a token durably, writes
 * the state if the system has one, and sends the token on durably.
 */
export type StartDurable = (url: string, active: number) => Promise<System>;
