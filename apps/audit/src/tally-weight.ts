import type { Tally } from "./tally.ts";

/** What an entry takes besides its texts. */
const ENTRY_CHARS = 32;

/** About how many characters it takes to write a tally down. */
export function weightOf(tally: Tally): number {
  let chars = 0;
  for (const { path } of tally.folders) chars += ENTRY_CHARS + path.length;
  for (const { extension } of tally.extensions) chars += ENTRY_CHARS + extension.length;
  for (const { path, text } of tally.todos) chars += ENTRY_CHARS + path.length + text.length;
  for (const { from, to } of tally.imports) chars += ENTRY_CHARS + from.length + to.length;
  for (const { path, specifier } of tally.unresolved) chars += ENTRY_CHARS + path.length + specifier.length;
  for (const { path } of tally.longest) chars += ENTRY_CHARS + path.length;
  for (const { path } of tally.unreadable) chars += ENTRY_CHARS + path.length;
  return chars;
}
