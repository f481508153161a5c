import { DEFAULT_LIMITS, type FailurePolicy } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs, judge } from "../../src/supervisor/failure.ts";
import { spawnVerdict } from "../../src/supervisor/spawn-verdict.ts";

const RUNS = { numRuns: 10_000 };
const few = fc.integer({ min: 0, max: 4 });
const cap = fc.integer({ min: 1, max: 3 });
const policies = fc.constantFrom<FailurePolicy>("resume", "restart", "stop", "escalate");

it("refuses a spawn for the first cap that it would break, and for none else", () => {
  const what = fc.constantFrom("actor" as const, "group" as const);
  fc.assert(
    fc.property(
      what,
      few,
      few,
      few,
      cap,
      cap,
      cap,
      (kind, children, members, depth, maxChildren, maxMembers, maxDepth) => {
        const limits = { ...DEFAULT_LIMITS, children: maxChildren, members: maxMembers, depth: maxDepth };

        const refusal = spawnVerdict({ what: kind, by: "ann", children, members, depth, limits });

        const isOver = [
          children >= maxChildren && "limit_children",
          kind === "actor" && members >= maxMembers && "limit_members",
          kind === "group" && depth >= maxDepth && "limit_depth",
        ];
        expect(refusal?.reason).toBe(isOver.find((reason) => reason !== false));
        if (refusal) expect(refusal.message).toContain("ann");
      },
    ),
    RUNS,
  );
});

it("tries again while tries are left and can help, within the backoff, and then follows the policy", () => {
  const failure = fc.record({
    attempt: fc.integer({ min: 1, max: 60 }),
    retryable: fc.boolean(),
    policy: policies,
    retry: fc.record({
      attempts: few,
      baseMs: fc.integer({ min: 1, max: 1_000 }),
      maxMs: fc.integer({ min: 1, max: 60_000 }),
    }),
    budget: fc.record({ restarts: few, withinMs: fc.integer({ min: 1, max: 100 }) }),
    restartedAt: fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 5 }),
    now: fc.constant(1_000),
    chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(failure, (it) => {
      const verdict = judge(it);

      expect(verdict.verdict).toBe(it.retryable && it.attempt < it.retry.attempts ? "retry" : "dead");
      if (verdict.verdict === "retry") {
        expect(verdict.at - it.now).toBeLessThanOrEqual(it.retry.maxMs);
        expect(verdict.at).toBeGreaterThanOrEqual(it.now);
        return;
      }
      const recent = it.restartedAt.filter((at) => it.now - at < it.budget.withinMs).length;
      const restarts = recent + 1 > it.budget.restarts ? "escalate" : "restart";
      expect(verdict.policy).toBe(it.policy === "restart" ? restarts : it.policy);
    }),
    RUNS,
  );
});

it("never restarts more often within the time of the budget than the budget says", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 25 });
  fc.assert(
    fc.property(gaps, few, fc.integer({ min: 1, max: 100 }), (waits, restarts, withinMs) => {
      const done: number[] = [];
      let restartedAt: readonly number[] = [];
      let now = 0;
      for (const wait of waits) {
        now += wait;
        const retry = { attempts: 1, baseMs: 1, maxMs: 1 };
        const budget = { restarts, withinMs };
        const verdict = judge({
          attempt: 1,
          retryable: true,
          policy: "restart",
          retry,
          budget,
          restartedAt,
          now,
          chance: 0,
        });
        if (verdict.verdict === "retry" || verdict.policy === "escalate") break;
        restartedAt = verdict.restartedAt;
        done.push(now);
        expect(done.filter((at) => now - at < withinMs).length).toBeLessThanOrEqual(restarts);
      }
    }),
    RUNS,
  );
});

it("waits twice as long each time, half of it certain, up to the longest wait", () => {
  const retry = { attempts: 99, baseMs: 100, maxMs: 1_000 };

  const least = [1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(retry, attempt, 0));
  const most = [1, 2, 3, 4, 5, 99].map((attempt) => backoffMs(retry, attempt, 1));

  expect(least).toEqual([50, 100, 200, 400, 500, 500]);
  expect(most).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});
