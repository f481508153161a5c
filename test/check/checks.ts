/** One tool and what it is asked. It holds if the tool exits with 0. */
export interface Check {
  readonly name: string;
  readonly command: readonly [tool: string, ...args: string[]];
}

/** The static checks, the slowest first, so that the cores are busy to the end. */
export const CHECKS: readonly Check[] = [
  { name: "publint", command: ["node", "test/check/published-packages.ts"] },
  { name: "eslint", command: ["eslint", "--config=.config/eslint.config.js", "--max-warnings=0", "."] },
  { name: "tsc", command: ["tsc", "--noEmit"] },
  { name: "knip", command: ["knip", "--config=.config/knip.json", "--no-config-hints"] },
  {
    name: "boundaries",
    command: ["depcruise", "--config=.config/dependency-cruiser.cjs", "packages", "apps", "test"],
  },
  { name: "biome", command: ["biome", "check", "--error-on-warnings", "."] },
];
