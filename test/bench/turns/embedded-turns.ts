import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedStore } from "@troupe/postgres";
import { atLeast, benchmark } from "../benchmark.ts";
import type { Lab } from "../lab.ts";
import { type Comparison, compareAndClose, paceOf } from "./compare.ts";
import { comparisonTable } from "./comparison-table.ts";

/** The same turns on PGlite. A smoke run leaves it out: to make two folders takes longer than all the rest. */
export const embeddedTurns = benchmark<readonly Comparison[]>({
  name: "embedded",
  async measure(lab) {
    const found: Comparison[] = [];
    for (const active of lab.sizes([64, 256], [])) {
      lab.say(`turns on the embedded store, ${active} active`);
      found.push(await compareAt(lab, active));
    }
    return found;
  },
  lines: (found) => (found.length === 0 ? [] : comparisonTable("embedded (PGlite, no flush)", found)),
  aims: (found) =>
    found.map(({ active, ratio }) =>
      atLeast(`embedded, ${active} active: turns/s to the bare statement's`, 0.5, ratio.median),
    ),
});

async function compareAt(lab: Lab, active: number): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-bench-"));
  try {
    const open = (name: string) => embeddedStore({ path: join(folder, name) });
    const stores = { runtime: await open("runtime"), bare: await open("bare") };
    return await compareAndClose(stores, active, paceOf(lab, `embedded-${active}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
