/** Time, as the runtime is allowed to see it. A simulation turns it by hand. */
export interface Clock {
  /** Wall time in milliseconds since 1970; may jump. For stamps and durable deadlines. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. For leases and durations. */
  monotonic(): number;
  /** Calls `fn` once after at least `ms`; the answer cancels it. Keeps the process alive until then. */
  after(ms: number, fn: () => void): () => void;
  /** Calls `fn` once when the work in hand, promise jobs included, has run. Keeps the process alive. */
  soon(fn: () => void): void;
}
