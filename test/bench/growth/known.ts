import { populate } from "../population/populate.ts";
import { planRings } from "../turns/rings.ts";
import { growthOf } from "./growth.ts";

/** Besides the active actors, more and more are known that are passive. */
export const growingKnown = growthOf({
  name: "known",
  what: "known actors",
  usual: [1_000, 10_000, 100_000, 1_000_000],
  quick: [200],
  rings: (_, active) => planRings(active),
  async prepare(url, size, active) {
    if (size > active) await populate(url, { actors: size - active, awake: 0 });
  },
});
