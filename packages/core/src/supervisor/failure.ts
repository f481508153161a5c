/**
 * What follows when a message could not be handled (the retries are used up):
 * `resume`: go on with the next message; `restart`: the same, from the initial state;
 * `stop`: the actor takes no more mail; `escalate`: it stops, and its group's admin (for an admin, its
 * spawner; for the root, the run) has to deal with it.
 */
export type FailurePolicy = "resume" | "restart" | "stop" | "escalate";

/** Times in milliseconds; the wait doubles from `baseMs` to `maxMs`, of which a random part is taken. */
export interface RetryPolicy {
  /** Tries of one turn, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/** As in OTP: more than `restarts` within `withinMs` milliseconds is no longer a restart but an escalation. */
export interface RestartBudget {
  readonly restarts: number;
  readonly withinMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 100, maxMs: 30_000 };
export const DEFAULT_RESTARTS: RestartBudget = { restarts: 3, withinMs: 60_000 };

export interface Failure {
  /** The try that failed, from 1. */
  readonly attempt: number;
  /** False where another try cannot help. */
  readonly retryable: boolean;
  readonly policy: FailurePolicy;
  readonly retry: RetryPolicy;
  readonly budget: RestartBudget;
  /** When the actor was restarted before, milliseconds since 1970. */
  readonly restartedAt: readonly number[];
  readonly now: number;
  /** Uniform in [0, 1). */
  readonly chance: number;
}

export type Verdict =
  | { readonly verdict: "retry"; readonly at: number }
  | { readonly verdict: "dead"; readonly policy: FailurePolicy; readonly restartedAt: readonly number[] };

/** Retry at the head of the mailbox while tries are left; then the message is dead, and the policy decides about the actor. */
export function judge(failure: Failure): Verdict {
  const { attempt, retryable, retry, now } = failure;
  if (retryable && attempt < retry.attempts)
    return { verdict: "retry", at: now + backoffMs(retry, attempt, failure.chance) };
  if (failure.policy !== "restart")
    return { verdict: "dead", policy: failure.policy, restartedAt: failure.restartedAt };
  const restartedAt = [...failure.restartedAt.filter((at) => now - at < failure.budget.withinMs), now];
  return {
    verdict: "dead",
    policy: restartedAt.length > failure.budget.restarts ? "escalate" : "restart",
    restartedAt,
  };
}

/**
 * Exponential backoff with equal jitter: half of the wait is certain, half is chance.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(retry: RetryPolicy, attempt: number, chance: number): number {
  const full = Math.min(retry.maxMs, retry.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * chance);
}
