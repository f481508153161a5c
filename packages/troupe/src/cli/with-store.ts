import { existsSync } from "node:fs";
import { isFault, type Store } from "@troupe/core";
import { openStore } from "@troupe/postgres";
import { storeSort } from "../open-parts.ts";
import { Failure, failureOf, wrongUse } from "./failure.ts";
import { onInterrupt } from "./interrupts.ts";
import { type StoreOptions, schemaSpec, storeSpec } from "./store-options.ts";

/** Opens the store that the options name, works with it, and closes it, also when interrupted. Starts no worker. */
export async function withStore(options: StoreOptions, work: (store: Store) => Promise<void>): Promise<void> {
  const opening = openExisting(storeSpec(options), schemaSpec(options));
  let interrupted = false;
  const ignoreInterrupts = onInterrupt(async () => {
    interrupted = true;
    await (await opening).close();
  });
  try {
    const store = await opening;
    await work(store).finally(() => store.close());
  } catch (error) {
    // The store was closed under the work: the process ends as soon as that is done.
    if (interrupted) await new Promise(() => undefined);
    throw error;
  } finally {
    if (!interrupted) ignoreInterrupts();
  }
}

async function openExisting(spec: string, schema: string | undefined): Promise<Store> {
  try {
    const sort = storeSort(spec);
    if (sort === "memory") throw wrongUse("a memory: store lives and dies with its script; there is none to look into");
    if (sort === "embedded" && !existsSync(spec)) {
      throw new Failure(2, "store_invalid", `there is no store at ${spec}; name one with --store or TROUPE_STORE`);
    }
    return await openStore(spec, { existing: true, ...(schema !== undefined && { schema }) });
  } catch (error) {
    throw withAdvice(failureOf(error, 2));
  }
}

/** What to do about a store that someone else has open. */
function withAdvice(failure: Failure): Failure {
  if (!isFault(failure.cause, "store_busy")) return failure;
  const advice =
    "Let that process end, stop it with Ctrl-C, or use a postgres:// store, which any number of processes share";
  return new Failure(2, failure.code, `${failure.message}. ${advice}`, failure.remedy, failure.cause);
}
