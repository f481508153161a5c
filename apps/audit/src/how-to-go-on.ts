import { type BytePath, textOf } from "./byte-path.ts";
import type { Options } from "./command-line.ts";
import type { StorePlace } from "./store-place.ts";

/** What to do to go on with an audit that was stopped. */
export function howToGoOn(dir: BytePath, options: Pick<Options, "store" | "json">, { store, key }: StorePlace): string {
  if (store === "memory:") return "a store in memory leaves nothing to go on with";
  const words = ["npx", "-y", "pnpm@10.34.8", "start", textOf(dir)];
  if (options.json) words.push("--json");
  if (options.store !== undefined) words.push("--store", withoutPassword(store));
  return `to go on: ${[...words, "--key", key].map(quoted).join(" ")}`;
}

function withoutPassword(store: string): string {
  if (!URL.canParse(store)) return store;
  const url = new URL(store);
  if (url.password !== "") url.password = "***";
  return url.href;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
