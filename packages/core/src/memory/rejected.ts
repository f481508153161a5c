import { TroupeError } from "../fault.ts";

/** Throws: this can never be applied as it is. */
export function reject(detail: string): never {
  throw new TroupeError("commit_rejected", detail);
}
