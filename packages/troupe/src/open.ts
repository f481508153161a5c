import { type Agent, type Bus, type Runtime, type Settings, type Store, startRuntime } from "@troupe/core";
import { currentHost, type HostedTroupe } from "./host.ts";
import { DEFAULT_STORE, inTurn, openParts, type Parts } from "./open-parts.ts";
import { warnOfTrouble } from "./warn-of-trouble.ts";

export interface OpenOptions {
  /**
   * A folder (one process at a time), `postgres://…` (any number of them), `memory:`, or a store of your own, which stays
   * open. Default: what the environment names in `TROUPE_STORE`, or else the folder `.troupe`.
   */
  readonly store?: string | Store;
  /** Every agent that an actor of these runs can be, those included that are only spawned. */
  readonly agents: readonly Agent[];
  /** Bounds and times of this worker. */
  readonly settings?: Partial<Settings>;
  /** The Postgres schema that holds the store. Default: `TROUPE_SCHEMA`, or else `troupe`. */
  readonly schema?: string;
  /** A version label of the code; a run remembers which one it began on. */
  readonly deployment?: string;
  /** Doorbells between the processes that share a store of your own, which otherwise look every `pollMs`. Stays open. */
  readonly bus?: Bus;
  /** Hears what goes wrong without a caller: a lost store (once), an unknown agent. Default: a warning of the process. */
  readonly onTrouble?: (error: unknown) => void;
}

/** A worker on an open store. It keeps the process alive until it is closed. */
export interface Troupe extends Pick<Runtime, "store" | "events$" | "submit" | "run">, AsyncDisposable {
  /** Lets the turns under way end, for `graceMs` at most; then closes what `open` opened. What is left goes on later. */
  close(): Promise<void>;
}

/**
 * Opens a store and starts a worker on it, which at once goes on with the runs that it finds.
 *
 * @throws TroupeError `config_invalid`, `store_busy`, `store_invalid`, `store_unavailable`, `schema_newer`.
 * @example
 * await using troupe = await open({ store: ".troupe", agents: [lead, reader] });
 * const run = await troupe.submit(lead, { root: "." }, { key: "audit-1" });
 * console.log(await run.result());
 */
export async function open(options: OpenOptions): Promise<Troupe> {
  const { agents, settings, deployment } = options;
  const onTrouble = options.onTrouble ?? warnOfTrouble();
  const parts = await openParts({
    store: options.store ?? (process.env.TROUPE_STORE || DEFAULT_STORE),
    schema: options.schema ?? (process.env.TROUPE_SCHEMA || undefined),
    bus: options.bus,
  });
  try {
    const runtime = await startRuntime({
      store: parts.store,
      bus: parts.bus,
      agents,
      onTrouble,
      ...(settings !== undefined && { settings }),
      ...(deployment !== undefined && { deployment }),
    });
    return troupeOf(runtime, parts);
  } catch (error) {
    await parts.close().catch(() => undefined);
    throw error;
  }
}

/** The runtime and what it stands on; closing takes both down, in any number of calls. */
function troupeOf(runtime: Runtime, parts: Parts): Troupe {
  const { store } = parts;
  // Nothing in a runtime keeps a process alive by itself: a script that awaits a sleeping run would end.
  const alive = setInterval(() => undefined, 2 ** 30);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= inTurn([() => runtime.close(), parts.close]).finally(() => {
      clearInterval(alive);
      currentHost()?.closed(hosted);
    });
    return closing;
  };
  const hosted: HostedTroupe = {
    label: store.label,
    durable: parts.durable,
    watch: (hear) => void runtime.events$.subscribe(hear),
    unfinished: async () => (await store.listRuns(1_000)).filter((run) => run.status === "running"),
    close,
  };
  currentHost()?.opened(hosted);
  return {
    store,
    events$: runtime.events$,
    submit: (agent, input, given) => runtime.submit(agent, input, given),
    run: (id) => runtime.run(id),
    close,
    [Symbol.asyncDispose]: close,
  };
}
