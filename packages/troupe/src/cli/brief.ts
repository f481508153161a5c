import { printable } from "./printable.ts";

/** A plain value on one line, cut to a length. */
export function brief(value: unknown, length: number): string {
  return cut(printable(JSON.stringify(value) ?? "nothing"), length);
}

/** Text cut to a length, with an ellipsis where something is missing. Counts characters, not their halves. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join("")}…`;
}
