import { mkdirSync, writeFileSync } from "node:fs";

/** Some text that takes a parser a tenth of a second. */
const DENSE = `import "./a"; ${"a=>[b=>c,{d(){}}];".repeat(12_000)}`;

/** Scripts in three folders that take a while to read, and so leave time for a signal. */
export function makeSlowTree(dir: string, scripts: number): void {
  for (let at = 0; at < scripts; at++) {
    mkdirSync(`${dir}/${at % 3}`, { recursive: true });
    writeFileSync(`${dir}/${at % 3}/${at}.js`, `// TODO ${at}\n${DENSE}`);
  }
}
