import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { benchmark, type Outcome } from "../benchmark.ts";
import { Lab } from "../lab.ts";
import { describeMachine } from "../machine.ts";
import { readOptions } from "../options.ts";
import { json, report } from "../report.ts";
import { durableHops } from "./durable-hops.ts";
import { installPeers } from "./install-peers.ts";
import { memoryTells } from "./memory-tells.ts";
import { type Candidate, DURABLE, IN_MEMORY } from "./systems.ts";

// Troupe beside what people would pick instead: `pnpm bench:peers`, about five minutes. Everything runs in turns, on one
// PostgreSQL. `--only troupe,dbos` picks systems, `--sizes 1,64` the tokens under way at once (and no others in memory),
// `--rounds` and `--round-ms` take more or less time, `--quick` only shows that it works, `--json` is for programs.

const options = readOptions(process.argv.slice(2));
for (const name of options.only ?? []) check(name);
await using lab = new Lab(options, (what) => console.error(`… ${what}`));
lab.say("installing the peers");
await installPeers();
lab.say("the machine");
const machine = await describeMachine();
const versions = { ...machine.versions, ...(await peerVersions()) };
const chosen = (candidates: readonly Candidate[]) =>
  candidates.filter(({ name }) => options.only?.includes(name) ?? true);
const outcomes: Outcome[] = [];
for (const one of [benchmark(durableHops(chosen(DURABLE))), benchmark(memoryTells(chosen(IN_MEMORY)))])
  outcomes.push(await one.run(lab));
console.log((options.json ? json : report)({ machine: { ...machine, versions }, outcomes }));

function check(name: string): void {
  const names = [...new Set([...DURABLE, ...IN_MEMORY].map((candidate) => candidate.name))];
  if (!names.includes(name)) throw new Error(`no system is called ${name}; there are ${names.join(", ")}`);
}

async function peerVersions(): Promise<Readonly<Record<string, string>>> {
  const manifest = await readFile(join(import.meta.dirname, "package.json"), "utf8");
  return (JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies;
}
