import type { RunRow, TroupeEvent } from "@troupe/core";

/** What `troupe run` is shown of a troupe that its script has opened. */
export interface HostedTroupe {
  /** Names the store; holds no password. */
  readonly label: string;
  /** Whether another process can go on with what this store holds. */
  readonly durable: boolean;
  /** Hears all that happens, until the troupe is closed. */
  watch(hear: (event: TroupeEvent) => void): void;
  /** The runs of this store that have not ended, of the newest thousand. */
  unfinished(): Promise<readonly RunRow[]>;
  close(): Promise<void>;
}

/** Who wants to know what a script opens. */
export interface Host {
  opened(troupe: HostedTroupe): void;
  closed(troupe: HostedTroupe): void;
}

/** In the registry of symbols, and with a version: a script may bring a copy of this package of its own. */
const HOST = Symbol.for("troupe.host.1");

const shared = globalThis as { [HOST]?: Host };

/** The host of this process, if its script is run by one. */
export function currentHost(): Host | undefined {
  return shared[HOST];
}

/** Makes this the host of all that is opened from now on. */
export function becomeHost(host: Host): void {
  shared[HOST] = host;
}
