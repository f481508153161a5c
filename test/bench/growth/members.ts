import { growthOf } from "./growth.ts";

const ACTIVE_EACH = 2;

/** As many groups, with two active actors each, whose members are more and more. */
export const growingMembers = growthOf({
  name: "members",
  what: "members of each group",
  usual: [2, 8, 64],
  quick: [8],
  rings: (size, active) => Array.from({ length: active / ACTIVE_EACH }, () => ({ members: size, tokens: ACTIVE_EACH })),
});
