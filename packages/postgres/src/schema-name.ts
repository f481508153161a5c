import { TroupeError } from "@troupe/core";

const DEFAULT_SCHEMA = "troupe";
const DEFAULT_SHARDS = 16;

/** A name that can stand in a statement between quotes. Throws `config_invalid`. */
export function schemaName(name: string = DEFAULT_SCHEMA): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return name;
  throw new TroupeError("config_invalid", `schema ${JSON.stringify(name)}; use lower-case letters, digits and _`);
}

/** Throws `config_invalid` for what is not a whole number from 1 to 4096. */
export function shardCount(count: number = DEFAULT_SHARDS): number {
  if (Number.isSafeInteger(count) && count >= 1 && count <= 4096) return count;
  throw new TroupeError("config_invalid", `shards is ${count}; it must be a whole number from 1 to 4096`);
}
