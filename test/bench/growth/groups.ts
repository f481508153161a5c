import { growthOf } from "./growth.ts";

/** In a ring of two the same pair would bounce a bare message. */
const SHORTEST = 3;

/** The active actors are in fewer and larger groups, or each is in one of its own, and then others are at rest. */
export const growingGroups = growthOf({
  name: "groups",
  what: "groups",
  usual: [10, 100, 1_000, 10_000],
  quick: [2, 12],
  rings: (size, active) =>
    Array.from({ length: size }, (_, place) => {
      const tokens = Math.floor(((place + 1) * active) / size) - Math.floor((place * active) / size);
      return { members: Math.max(tokens, SHORTEST), tokens };
    }),
});
