import { DEFAULT_LIMITS, type RunRow } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { RunLedger } from "../../src/supervisor/run-ledger.ts";

const LIMITS = { ...DEFAULT_LIMITS, turns: 4, actors: 4, actorsEver: 6, groups: 3 };
const SPENT = { turns: 0, messages: 0, actors: 1, actorsLiving: 1, groups: 1, modelCalls: 0, tokens: 0, cost: 0 };

function ledger(): RunLedger {
  const names = { id: "r", tenant: "t", key: null, definition: "lead", deployment: "d" };
  const result = { result: null, error: null, resumed: 0, createdAt: 0, endedAt: null };
  const row: RunRow = { ...names, ...result, status: "running", limits: LIMITS, spent: SPENT, input: new Uint8Array() };
  return new RunLedger(row);
}

type Act =
  | "turn"
  | "turn done"
  | "turn dropped"
  | "actor"
  | "group"
  | "spawns commit"
  | "spawns dropped"
  | "an actor stops";

const acts = fc.array(
  fc.constantFrom<Act>(
    "turn",
    "turn done",
    "turn dropped",
    "actor",
    "group",
    "spawns commit",
    "spawns dropped",
    "an actor stops",
  ),
  { maxLength: 40 },
);

it("never lets more be spent than the limits allow, whatever commits and whatever does not", () => {
  fc.assert(
    fc.property(acts, (program) => {
      const book = ledger();
      let spent = { ...SPENT };
      const held = { turns: 0, actors: 0, groups: 0 };
      for (const act of program) {
        if (act === "turn") {
          const fits = spent.turns + held.turns < LIMITS.turns;
          expect(book.reserveTurn()).toBe(fits);
          if (fits) held.turns += 1;
        } else if ((act === "turn done" || act === "turn dropped") && held.turns > 0) {
          held.turns -= 1;
          book.releaseTurn();
          if (act === "turn done") spent = { ...spent, turns: spent.turns + 1 };
        } else if (act === "actor") {
          const fits =
            spent.actorsLiving + held.actors < LIMITS.actors && spent.actors + held.actors < LIMITS.actorsEver;
          expect(book.reserveActor()).toBe(fits ? undefined : "limit_actors");
          if (fits) held.actors += 1;
        } else if (act === "group") {
          const hasGroup = spent.groups + held.groups < LIMITS.groups;
          const hasActor =
            spent.actorsLiving + held.actors < LIMITS.actors && spent.actors + held.actors < LIMITS.actorsEver;
          expect(book.reserveGroup()).toBe(!hasGroup ? "limit_groups" : hasActor ? undefined : "limit_actors");
          if (hasGroup && hasActor) {
            held.actors += 1;
            held.groups += 1;
          }
        } else if (act === "spawns commit" || act === "spawns dropped") {
          book.releaseSpawns(held.actors, held.groups);
          if (act === "spawns commit") {
            const { actors, actorsLiving, groups } = spent;
            const more = { actors: actors + held.actors, actorsLiving: actorsLiving + held.actors };
            spent = { ...spent, ...more, groups: groups + held.groups };
          }
          held.actors = 0;
          held.groups = 0;
        } else if (act === "an actor stops" && spent.actorsLiving > 1)
          spent = { ...spent, actorsLiving: spent.actorsLiving - 1 };
        book.settle(spent);
        expect(book.reserved).toBe(held.turns + held.actors + held.groups);
        expect(spent.turns).toBeLessThanOrEqual(LIMITS.turns);
        expect(spent.actors).toBeLessThanOrEqual(LIMITS.actorsEver);
        expect(spent.actorsLiving).toBeLessThanOrEqual(LIMITS.actors);
        expect(spent.groups).toBeLessThanOrEqual(LIMITS.groups);
      }
    }),
    { numRuns: 10_000 },
  );
});
