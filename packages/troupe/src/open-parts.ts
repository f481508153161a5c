import { type Bus, localBus, memoryStore, type Store, systemClock, TroupeError } from "@troupe/core";
import { openStore } from "@troupe/postgres";

/** Where a troupe lives when neither its script nor the environment says. */
export const DEFAULT_STORE = ".troupe";

/** What a text names as a store. */
export type StoreSort = "memory" | "embedded" | "postgres";

/** Throws `config_invalid` for what cannot be a store. A url is not repeated: it may hold a password. */
export function storeSort(spec: string): StoreSort {
  if (spec === "memory:") return "memory";
  if (/^postgres(ql)?:\/\//i.test(spec)) return "postgres";
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(spec)?.[1];
  if (spec !== "" && scheme === undefined) return "embedded";
  const what = scheme === undefined ? "an empty name" : `${scheme}://…`;
  throw new TroupeError("config_invalid", `store ${what}; write a folder, postgres://… or memory:`);
}

/** What a runtime is started on, and how it is put away: the bus before the store. */
export interface Parts {
  readonly store: Store;
  readonly bus: Bus;
  /** Whether another process can go on with what this store holds. */
  readonly durable: boolean;
  close(): Promise<void>;
}

interface PartsOptions {
  readonly store: string | Store;
  readonly bus?: Bus | undefined;
  readonly schema?: string | undefined;
  readonly onTrouble: (error: unknown) => void;
}

/** Opens what a text names. A store or bus that is given is used, and left open by `close`. */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const sort = typeof options.store === "string" ? storeSort(options.store) : "given";
  const store = await storeOf(options);
  const closeStore = sort === "given" ? nothing : () => store.close();
  try {
    const bus = options.bus ?? (await busOf(options));
    const closeBus = options.bus === undefined ? () => bus.close() : nothing;
    return { store, bus, durable: sort !== "memory", close: () => inTurn([closeBus, closeStore]) };
  } catch (error) {
    await closeStore().catch(() => undefined);
    throw error;
  }
}

async function storeOf({ store, schema }: PartsOptions): Promise<Store> {
  if (typeof store !== "string") return store;
  if (storeSort(store) === "memory") return memoryStore({ clock: systemClock });
  return openStore(store, schema === undefined ? {} : { schema });
}

async function busOf(_: PartsOptions): Promise<Bus> {
  return localBus({ clock: systemClock });
}

/** Does one after the other, the later ones also when an earlier one fails; then throws the first failure. */
export async function inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function nothing(): Promise<void> {}
