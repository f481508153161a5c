import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";

interface ListenerSettings {
  readonly url: string;
  readonly channel: string;
  /** How often the connection is asked whether it still lives. It has as long to answer. */
  readonly keepAliveMs: number;
  readonly hear: (payload: string) => void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/**
 * A connection that listens, for as long as it takes. A LISTEN dies without a sign (a proxy that forgets it, a server
 * that fails over), so it is asked again and again, and made anew when it does not answer.
 */
export class Listener {
  readonly #settings: ListenerSettings;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(settings: ListenerSettings) {
    this.#settings = settings;
    this.#done = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#stop.signal.aborted) {
      await this.#listen(() => {
        retryMs = FIRST_RETRY_MS;
      });
      await this.#pause(retryMs * (0.5 + Math.random()));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  /** Resolves when the connection is lost, or told to stop. */
  async #listen(onReady: () => void): Promise<void> {
    const { url, channel, keepAliveMs, hear } = this.#settings;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: keepAliveMs,
      query_timeout: keepAliveMs,
      keepAlive: true,
      fallback_application_name: "troupe bus",
    });
    client.on("error", () => {});
    client.on("notification", ({ payload }) => hear(payload ?? ""));
    try {
      await client.connect();
      // Listening alone keeps no process alive. The types leave this method out.
      (client as unknown as { unref(): void }).unref();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      onReady();
      while (await this.#pause(keepAliveMs)) await client.query("select 1");
    } catch {
      // Bells are best effort: what was rung meanwhile is lost.
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** False once it is to stop. */
  async #pause(ms: number): Promise<boolean> {
    try {
      await wait(ms, undefined, { signal: this.#stop.signal, ref: false });
      return true;
    } catch {
      return false;
    }
  }
}
