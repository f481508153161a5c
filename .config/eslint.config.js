import { dirname } from "node:path";
import tseslint from "typescript-eslint";

const root = dirname(import.meta.dirname);

const CLOCK = "take the time from the Clock port";
const RANDOM = "take ids and randomness from the Random port";
const CALLER = "let the caller pass in what it needs";

export default tseslint.config(
  { ignores: ["**/dist/**", "**/node_modules/**"] },
  {
    files: ["**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: root },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["packages/core/src/**/*.ts"],
    ignores: ["packages/core/src/system-clock.ts", "packages/core/src/system-random.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        {
          globals: [
            { name: "performance", message: CLOCK },
            { name: "setTimeout", message: CLOCK },
            { name: "setInterval", message: CLOCK },
            { name: "setImmediate", message: CLOCK },
            { name: "process", message: CALLER },
          ],
          checkGlobalObject: true,
        },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: CLOCK },
        { object: "AbortSignal", property: "timeout", message: CLOCK },
        { object: "Math", property: "random", message: RANDOM },
        { object: "crypto", property: "randomUUID", message: RANDOM },
        { object: "crypto", property: "getRandomValues", message: RANDOM },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
        { selector: "CallExpression[callee.name='Date']", message: CLOCK },
      ],
    },
  },
);
