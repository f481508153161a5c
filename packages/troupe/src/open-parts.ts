import { type Bus, localBus, memoryStore, type Store, systemClock, TroupeError } from "@troupe/core";
import { openStore, postgresBus } from "@troupe/postgres";

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
}

/** Opens what a text names. A store or bus that is given is used, and left open by `close`. */
export async function openParts({ store: given, bus: givenBus, schema }: PartsOptions): Promise<Parts> {
  const sort = typeof given === "string" ? storeSort(given) : "given";
  const store = typeof given === "string" ? await openSpec(given, schema) : given;
  // Workers on one schema wake each other, and no others.
  const newBus = () =>
    typeof given === "string" && sort === "postgres"
      ? postgresBus({ url: given, ...(schema !== undefined && { channel: schema }) })
      : localBus({ clock: systemClock });
  const bus = givenBus ?? newBus();
  const closers = [...(givenBus ? [] : [() => bus.close()]), ...(sort === "given" ? [] : [() => store.close()])];
  return { store, bus, durable: sort !== "memory", close: () => inTurn(closers) };
}

async function openSpec(spec: string, schema: string | undefined): Promise<Store> {
  if (storeSort(spec) === "memory") return memoryStore({ clock: systemClock });
  return openStore(spec, schema === undefined ? {} : { schema });
}

/** Does one after the other, the later ones also when an earlier one fails; then throws the first failure. */
export async function inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
