import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** The lines that a program wrote about its steps so far. */
export function witnessLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
}

/** Waits until there are so many lines; false if `over` says first that there will be no more. */
export async function waitForLines(path: string, count: number, over: () => boolean): Promise<boolean> {
  while (witnessLines(path).length < count) {
    if (over()) return false;
    await setTimeout(2);
  }
  return true;
}
