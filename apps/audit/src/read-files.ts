import { type Area, covers } from "./area.ts";
import type { BytePath } from "./byte-path.ts";
import { type FileFacts, readFacts } from "./file-facts.ts";
import { Gate } from "./gate.ts";
import { type Import, ImportResolver } from "./import-resolver.ts";
import { targetOf } from "./resolve-import.ts";
import { onDisk, type Site } from "./site.ts";
import { mergeAll, type Tally, tallyOf, tallyOfUnreadable } from "./tally.ts";
import { weightOf } from "./tally-weight.ts";

/** What some files tell. */
export type Reading = {
  /** How many of the files were read. */
  readonly read: number;
  /** Their tally, with the imports that stay in the area. */
  readonly tally: Tally;
  /** The imports that leave it. */
  readonly leaving: readonly Import[];
};

/** After so many bytes read, or so many characters to tell, a reading ends: it is remembered whole or not at all. */
const READ_BYTES = 2 * 1024 * 1024;
const TELL_CHARS = 128 * 1024;

/** More at once would not read faster, since one thread parses what they read, but take more memory. */
const gate = new Gate(4);

/** Reads the first files of a list, and looks up where their imports lead as far as that is in the area. */
export function readFiles(site: Site, area: Area, paths: readonly BytePath[], signal: AbortSignal): Promise<Reading> {
  return gate.pass(async () => {
    const resolver = new ImportResolver(site);
    const tallies: Tally[] = [];
    const leaving: Import[] = [];
    let [read, bytes, chars] = [0, 0, 0];
    for (const path of paths) {
      if (bytes >= READ_BYTES || chars >= TELL_CHARS) break;
      const facts = await readFacts(onDisk(site, path), signal);
      read += 1;
      if ("error" in facts) {
        tallies.push(tallyOfUnreadable(path, facts.error));
        continue;
      }
      const tally = tallyOf(path, facts);
      const imports = await importsOf(path, facts, area, resolver);
      tallies.push(tally, imports.tally);
      for (const each of imports.leaving) leaving.push(each);
      bytes += facts.bytes;
      chars += weightOf(tally) + facts.specifiers.reduce((sum, each) => sum + path.length + each.length, 0);
    }
    return { read, tally: mergeAll(tallies), leaving };
  });
}

async function importsOf(
  importer: BytePath,
  { specifiers }: FileFacts,
  area: Area,
  resolver: ImportResolver,
): Promise<{ tally: Tally; leaving: Import[] }> {
  const tallies: Tally[] = [];
  const leaving: Import[] = [];
  for (const specifier of specifiers) {
    const target = targetOf(importer, specifier);
    if (target && !covers(area, target.path)) leaving.push({ importer, specifier });
    else tallies.push(await resolver.tally({ importer, specifier }));
  }
  return { tally: mergeAll(tallies), leaving };
}
