import type { Mutant } from "./mutant.ts";

/** The source with the bug in it. Throws if the place is not there, or not the only one. */
export function mutate(source: string, { name, file, edits }: Mutant): string {
  let mutated = source;
  for (const { find, put } of edits) {
    const places = mutated.split(find).length - 1;
    if (places !== 1) throw new Error(`${name}: ${places} places in ${file} instead of one for\n${find}`);
    mutated = mutated.replace(find, () => put);
  }
  return mutated;
}
