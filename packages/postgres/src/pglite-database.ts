import type { PGlite, Transaction } from "@electric-sql/pglite";
import type { Database, Session, Value } from "./database.ts";
import { PgliteUpkeep } from "./pglite-upkeep.ts";
import { READERS } from "./readers.ts";
import { inSchema, type Statement } from "./sql/statement.ts";

const BYTEA = 17;
const BYTEA_ARRAY = 1001;
const TEXT_ARRAY = 1009;
const INT8_ARRAY = 1016;

/** PGlite binds what a serializer answers: a Buffer goes through as it is, in binary. */
const same = (value: unknown) => value as string;
const SERIALIZERS = { [BYTEA]: same, [BYTEA_ARRAY]: same, [TEXT_ARRAY]: same, [INT8_ARRAY]: same };
const OPTIONS = { serializers: SERIALIZERS, parsers: READERS };

/** PostgreSQL inside this process. It has one connection; PGlite puts what is asked of it in a queue. */
export class PgliteDatabase implements Database {
  readonly #pglite: PGlite;
  readonly #schema: string;
  readonly #close: () => Promise<void>;
  readonly #upkeep: PgliteUpkeep;

  constructor(pglite: PGlite, schema: string, close: () => Promise<void>, upkeep = new PgliteUpkeep(pglite, schema)) {
    this.#pglite = pglite;
    this.#schema = schema;
    this.#close = close;
    this.#upkeep = upkeep;
  }

  async query<Row>(statement: Statement<Row>, values: readonly Value[] = []): Promise<Row[]> {
    const rows = await this.#run(this.#pglite, statement, values);
    this.#upkeep.after(values);
    return rows;
  }

  commit<Row>(statement: Statement<Row>, values: readonly Value[]): Promise<Row[]> {
    return this.query(statement, values);
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#pglite.transaction((transaction) =>
      work({
        query: (statement, values = []) => this.#run(transaction, statement, values),
        script: async (text) => void (await transaction.exec(inSchema(text, this.#schema))),
      }),
    );
  }

  async close(): Promise<void> {
    await this.#upkeep.rest();
    await this.#close();
  }

  async #run<Row>(on: PGlite | Transaction, statement: Statement<Row>, values: readonly Value[]): Promise<Row[]> {
    const { rows } = await on.query<Row>(inSchema(statement.text, this.#schema), [...values], OPTIONS);
    return rows;
  }
}
