import fc from "fast-check";
import { expect, it } from "vitest";
import { WaitGraph } from "../../src/supervisor/wait-graph.ts";

const actor = fc.constantFrom("a", "b", "c", "d", "e");
const act = fc.record({
  do: fc.constantFrom("ask" as const, "answer" as const, "clear" as const),
  from: actor,
  to: actor,
});

/** All that can be reached over waits, by brute force. */
function reaches(edges: readonly (readonly [string, string])[], from: string, to: string): boolean {
  const seen = new Set([from]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [asker, asked] of edges) {
      if (!seen.has(asker) || seen.has(asked)) continue;
      seen.add(asked);
      grown = true;
    }
  }
  return seen.has(to);
}

it("finds a circle when there is one, names it in order, and never calls anything else one", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (program) => {
      const graph = new WaitGraph();
      let edges: (readonly [string, string])[] = [];
      for (const { do: what, from, to } of program) {
        if (what === "clear") {
          graph.clear(from);
          edges = edges.filter(([asker]) => asker !== from);
        } else if (what === "answer") {
          graph.remove(from, to);
          const place = edges.findIndex(([asker, asked]) => asker === from && asked === to);
          if (place >= 0) edges.splice(place, 1);
        } else {
          const circle = graph.circle(from, to);
          expect(circle !== undefined).toBe(reaches(edges, to, from));
          if (circle === undefined) {
            graph.add(from, to);
            edges.push([from, to]);
            continue;
          }
          expect([circle[0], circle[1], circle.at(-1)]).toEqual([from, to, from]);
          for (let i = 1; i < circle.length - 1; i++) {
            expect(edges).toContainEqual([circle[i], circle[i + 1]]);
          }
        }
      }
    }),
    { numRuns: 10_000 },
  );
});
