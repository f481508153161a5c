import { LIFECYCLE, type TurnSignal, type TurnState } from "@troupe/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { move } from "../../src/lifecycle.ts";

const STATES: readonly TurnState[] = ["idle", "processing", "response"];
const SIGNALS: readonly TurnSignal[] = ["take", "settle", "fail", "commit", "refuse"];
const LEGAL: Readonly<Record<string, TurnState>> = {
  "idle take": "processing",
  "processing settle": "response",
  "processing fail": "response",
  "response commit": "idle",
  "response refuse": "idle",
};

describe("the state machine of a turn", () => {
  for (const state of STATES) {
    for (const signal of SIGNALS) {
      const to = LEGAL[`${state} ${signal}`];
      it(to === undefined ? `refuses ${signal} while ${state}` : `moves from ${state} to ${to} on ${signal}`, () => {
        if (to === undefined) expect(() => move(state, signal)).toThrow(`illegal move: ${signal} while ${state}`);
        else expect(move(state, signal)).toBe(to);
      });
    }
  }

  it("has no state and no signal besides these", () => {
    expect(Object.keys(LIFECYCLE)).toEqual(STATES);
    expect(new Set(Object.values(LIFECYCLE).flatMap((moves) => Object.keys(moves)))).toEqual(new Set(SIGNALS));
  });

  it("comes back to idle with every second legal move after a take", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SIGNALS), { maxLength: 30 }), (signals) => {
        let state: TurnState = "idle";
        let moves = 0;
        for (const signal of signals) {
          if (LEGAL[`${state} ${signal}`] === undefined) continue;
          state = move(state, signal);
          moves += 1;
        }
        expect(state).toBe(STATES[moves % 3]);
      }),
      { numRuns: 10_000 },
    );
  });
});
