import { mkdirSync, writeFileSync } from "node:fs";

/** Some text that takes a parser long for its size. */
const DENSE = `import "./a"; ${"a=>[b=>c,{d(){}}];".repeat(12_000)}`;

/** Scripts that take a second or two to read, and so leave time for a signal. */
export function makeSlowTree(dir: string): void {
  for (let at = 0; at < 15; at++) {
    mkdirSync(`${dir}/${at % 3}`, { recursive: true });
    writeFileSync(`${dir}/${at % 3}/${at}.js`, `// TODO ${at}\n${DENSE}`);
  }
}
