import { simulatedClock } from "@troupe/testing";
import { describe, expect, it } from "vitest";

describe("a simulated clock", () => {
  it("stands still until it is told to move", async () => {
    const clock = simulatedClock({ start: 5_000 });

    await clock.settle();
    expect([clock.now(), clock.monotonic()]).toEqual([5_000, 0]);
    await clock.advance(250);

    expect([clock.now(), clock.monotonic()]).toEqual([5_250, 250]);
  });

  it("runs timers in the order of their times, then of their making, each at its own time", async () => {
    const clock = simulatedClock();
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} at ${clock.monotonic()}`);
    clock.after(20, note("late"));
    clock.after(10, note("first"));
    clock.after(10, note("second"));
    clock.after(31, note("not yet"));

    await clock.advance(30);

    expect(seen).toEqual(["first at 10", "second at 10", "late at 20"]);
    expect(clock.monotonic()).toBe(30);
    expect(clock.pending).toBe(1);
  });

  it("runs `soon` before any timer, and promise jobs before both", async () => {
    const clock = simulatedClock();
    const seen: string[] = [];
    clock.after(0, () => seen.push("timer"));
    clock.soon(() => {
      seen.push("soon");
      clock.soon(() => seen.push("soon after"));
      void deep(50).then(() => seen.push("promise"));
    });
    void Promise.resolve().then(() => seen.push("job"));

    await clock.settle();

    expect(seen).toEqual(["job", "soon", "promise", "soon after", "timer"]);
  });

  it("forgets a timer that was cancelled", async () => {
    const clock = simulatedClock();
    const seen: string[] = [];
    const cancel = clock.after(10, () => seen.push("ran"));

    cancel();
    cancel();
    await clock.advance(20);

    expect(seen).toEqual([]);
  });

  it("runs what callbacks bring about within the time that passes", async () => {
    const clock = simulatedClock();
    const seen: number[] = [];
    const tick = () => {
      seen.push(clock.monotonic());
      clock.after(10, tick);
    };
    clock.after(10, tick);

    await clock.advance(35);

    expect(seen).toEqual([10, 20, 30]);
  });

  it("goes on to the last timer when asked to, and gives up on one without end", async () => {
    const clock = simulatedClock();
    const seen: number[] = [];
    clock.after(1_000, () => clock.after(5_000, () => seen.push(clock.monotonic())));
    await clock.runUntilIdle();
    const again = () => void clock.after(1, again);
    again();

    await expect(clock.runUntilIdle(50)).rejects.toThrow("50 callbacks");
    expect(seen).toEqual([6_000]);
  });

  it("lets wall time jump without any time passing", async () => {
    const clock = simulatedClock({ start: 1_000 });

    clock.jump(-500);

    expect([clock.now(), clock.monotonic()]).toEqual([500, 0]);
  });
});

async function deep(jobs: number): Promise<void> {
  for (let i = 0; i < jobs; i++) await undefined;
}
