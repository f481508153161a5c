import { randomUUID } from "node:crypto";
import type { Bus, Doorbell } from "@troupe/core";
import pg from "pg";
import { packBells, unpackBells } from "./doorbell-payload.ts";
import { holdProcess } from "./hold-process.ts";
import { Listener } from "./listener.ts";

export interface PostgresBusOptions {
  /** Of the server itself: LISTEN does not pass through a transaction pooler. */
  readonly url: string;
  /** Name of the notification channel; default `troupe`. Workers of one store use one. */
  readonly channel?: string;
  /** How often the listening connection is asked whether it lives; default 5,000. */
  readonly keepAliveMs?: number;
}

/**
 * Doorbells by NOTIFY. Never part of a commit: NOTIFY takes a lock of the whole database when its transaction commits.
 * While some bells are on their way, later ones gather and are sent together. Whatever fails is dropped.
 */
export function postgresBus(options: PostgresBusOptions): Bus {
  return new PostgresBus(options);
}

class PostgresBus implements Bus {
  readonly #origin = randomUUID();
  readonly #channel: string;
  readonly #sender: pg.Pool;
  readonly #newListener: () => Listener;
  readonly #hearers = new Set<(bell: Doorbell) => void>();
  #listener: Listener | undefined;
  #waiting: Doorbell[] = [];
  #sending: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor({ url, channel = "troupe", keepAliveMs = 5_000 }: PostgresBusOptions) {
    this.#channel = channel;
    this.#sender = new pg.Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: keepAliveMs,
      query_timeout: keepAliveMs,
      keepAlive: true,
      allowExitOnIdle: true,
      fallback_application_name: "troupe bus",
    });
    this.#sender.on("error", () => {});
    const hear = (payload: string) => this.#deliver(unpackBells(this.#origin, payload));
    this.#newListener = () => new Listener({ url, channel, keepAliveMs, hear });
  }

  ring(bells: readonly Doorbell[]): void {
    if (this.#closing || bells.length === 0) return;
    this.#waiting.push(...bells);
    this.#sending ??= this.#send();
    // Those in this process hear it without the detour, and soon, not now.
    queueMicrotask(() => this.#deliver(bells));
  }

  listen(hear: (bell: Doorbell) => void): () => void {
    const hearer = (bell: Doorbell) => hear(bell);
    if (!this.#closing) {
      this.#hearers.add(hearer);
      this.#listener ??= this.#newListener();
    }
    return () => this.#hearers.delete(hearer);
  }

  close(): Promise<void> {
    this.#hearers.clear();
    this.#closing ??= holdProcess(async () => {
      await Promise.all([this.#sending, this.#listener?.close()]);
      await this.#sender.end();
    });
    return this.#closing;
  }

  async #send(): Promise<void> {
    // What else is rung in this moment goes along.
    await null;
    while (this.#waiting.length > 0) {
      const payloads = packBells(this.#origin, this.#waiting.splice(0));
      for (const payload of payloads) {
        await this.#sender.query("select pg_notify($1, $2)", [this.#channel, payload]).catch(() => {});
      }
    }
    this.#sending = undefined;
  }

  #deliver(bells: readonly Doorbell[]) {
    // A copy: a listener may stop itself or start another one.
    for (const bell of bells) {
      for (const hear of [...this.#hearers]) if (this.#hearers.has(hear)) hear(bell);
    }
  }
}
