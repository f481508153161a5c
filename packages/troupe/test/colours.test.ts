import { expect, it } from "vitest";
import { coloursFor } from "../src/cli/colours.ts";

it.each([
  ["a terminal", true, {}, true],
  ["a pipe", false, {}, false],
  ["a pipe of a build server", false, { CI: "1" }, false],
  ["a terminal that cannot", true, { TERM: "dumb" }, false],
  ["NO_COLOR", true, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR", true, { NO_COLOR: "" }, true],
  ["NO_COLOR and FORCE_COLOR", true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ["a forced pipe", false, { FORCE_COLOR: "1" }, true],
  ["a terminal forced not to", true, { FORCE_COLOR: "0" }, false],
])("decides about colours for %s", (_, isTTY, env, coloured) => {
  expect(coloursFor({ isTTY }, env).red("x") !== "x").toBe(coloured);
});
