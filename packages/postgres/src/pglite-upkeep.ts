import type { PGlite } from "@electric-sql/pglite";
import type { Value } from "./database.ts";
import { inSchema } from "./sql/statement.ts";

/** Parameters written between two checkpoints; two to four times as much goes to the write-ahead log. */
const CHECKPOINT_BYTES = 16 * 2 ** 20;

/** Every so many checkpoints, the large tables get their turn as well. */
const CHECKPOINTS_PER_ROUND = 16;

/** Rows, pages and a commit record, however small the parameters are. */
const STATEMENT_BYTES = 2_000;

/** Rewritten all the time, and small. */
const HOT = ["workers", "shards", "runs", "channels", "agents", "inbox"];

/** Appended to, and swept. */
const LARGE = ["log", "turns", "steps", "dead_letters"];

/**
 * What the processes beside a PostgreSQL do, and PGlite has not: without checkpoints its write-ahead log grows for ever
 * (more than a gigabyte in a minute of full load), and all of it is replayed after a crash; without vacuum, so do the
 * tables. Each step waits in PGlite's queue like any statement, and others pass between the steps.
 */
export class PgliteUpkeep {
  readonly #pglite: PGlite;
  readonly #schema: string;
  readonly #everyBytes: number;
  #bytes = 0;
  #checkpoints = 0;
  #work: Promise<void> | undefined;

  constructor(pglite: PGlite, schema: string, everyBytes = CHECKPOINT_BYTES) {
    this.#pglite = pglite;
    this.#schema = schema;
    this.#everyBytes = everyBytes;
  }

  /** To be told of each statement. */
  after(values: readonly Value[]) {
    this.#bytes += STATEMENT_BYTES;
    for (const value of values) if (value instanceof Buffer) this.#bytes += value.length;
    if (this.#bytes < this.#everyBytes || this.#work) return;
    this.#bytes = 0;
    // Should a step fail, so will the statements of the store, and they have someone to tell.
    this.#work = this.#run()
      .catch(() => {})
      .finally(() => {
        this.#work = undefined;
      });
  }

  /** Resolves when nothing is under way. */
  async rest(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    this.#checkpoints += 1;
    await this.#pglite.exec(inSchema(`vacuum ${HOT.map((table) => `troupe.${table}`).join(", ")}`, this.#schema));
    if (this.#checkpoints % CHECKPOINTS_PER_ROUND === 0) {
      for (const table of [...HOT, ...LARGE]) {
        await this.#pglite.exec(inSchema(`vacuum (analyze) troupe.${table}`, this.#schema));
      }
    }
    await this.#pglite.exec("checkpoint");
  }
}
