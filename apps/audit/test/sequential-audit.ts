import { type BytePath, joinPath, pathOfText, ROOT } from "../src/byte-path.ts";
import { type FileFacts, readFacts } from "../src/file-facts.ts";
import { listFolder } from "../src/list-folder.ts";
import { type Report, reportOf } from "../src/report.ts";
import { type ImportLookup, resolveImport } from "../src/resolve-import.ts";
import {
  emptyTally,
  mergeAll,
  type Tally,
  tallyOf,
  tallyOfFolder,
  tallyOfImport,
  tallyOfUnreadable,
  tallyOfUnresolved,
} from "../src/tally.ts";

/** The parts of the audit put together without a troupe: one folder, one file, one import after the other. */
export async function sequentialAudit(dir: string): Promise<Report> {
  const root = pathOfText(dir);
  const walk = await walkFolder(root, ROOT);
  const parts: Tally[] = [...walk.tallies];
  const read = new Map<BytePath, FileFacts>();
  for (const path of walk.files) {
    const facts = await readFacts(joinPath(root, path));
    if ("error" in facts) parts.push(tallyOfUnreadable(path, facts.error));
    else read.set(path, facts);
  }
  const lookup = lookupIn(walk.files, read);
  for (const [path, facts] of read) parts.push(tallyOf(path, facts), ...importTallies(path, facts, lookup));
  return reportOf(mergeAll(parts));
}

type Walk = { readonly files: BytePath[]; readonly tallies: Tally[] };

async function walkFolder(root: BytePath, folder: BytePath): Promise<Walk> {
  const listing = await listFolder(joinPath(root, folder));
  if ("error" in listing) return { files: [], tallies: [tallyOfUnreadable(folder, listing.error)] };
  const below: Walk[] = [];
  for (const name of listing.folders) {
    const path = joinPath(folder, name);
    const walk = await walkFolder(root, path);
    below.push({ files: walk.files, tallies: [folder === ROOT ? tallyOfFolder(path) : emptyTally, ...walk.tallies] });
  }
  return {
    files: [...listing.files.map((name) => joinPath(folder, name)), ...below.flatMap((walk) => walk.files)],
    tallies: below.flatMap((walk) => walk.tallies),
  };
}

function lookupIn(files: readonly BytePath[], read: ReadonlyMap<BytePath, FileFacts>): ImportLookup {
  const known = new Set(files);
  return {
    isFile: (path) => known.has(path),
    mainsOf: (folder) => read.get(joinPath(folder, pathOfText("package.json")))?.packageMains ?? [],
  };
}

function importTallies(importer: BytePath, facts: FileFacts, lookup: ImportLookup): Tally[] {
  return facts.specifiers.map((specifier) => {
    const target = resolveImport(importer, specifier, lookup);
    return target === undefined ? tallyOfUnresolved(importer, specifier) : tallyOfImport(importer, target);
  });
}
