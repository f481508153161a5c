import { printableJson } from "./printable.ts";

/** One JSON document, and a line break. */
export function printJson(document: unknown): void {
  process.stdout.write(`${printableJson(JSON.stringify(document, undefined, 2))}\n`);
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Columns of the screen; undefined for a pipe or a file, where nothing is cut. */
export function screenWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}
