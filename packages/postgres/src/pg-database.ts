import pg from "pg";
import type { Database, Session, Value } from "./database.ts";
import { holdProcess } from "./hold-process.ts";
import { READERS } from "./readers.ts";
import { inSchema, type Statement } from "./sql/statement.ts";
import { isConnectionTrouble } from "./store-error.ts";
import { type OnTrouble, Trouble } from "./trouble.ts";

export interface PgSettings {
  readonly url: string;
  readonly schema: string;
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly onTrouble?: OnTrouble | undefined;
}

/**
 * PostgreSQL over a socket. Nothing here leans on a session, so that a transaction pooler may stand in between: no
 * named statements, no startup parameters that a pooler refuses, no `set`. A statement that takes too long costs its
 * connection; on the server, the functions that wait for locks have their own `lock_timeout`.
 */
export class PgDatabase implements Database {
  readonly #schema: string;
  readonly #statementTimeoutMs: number;
  readonly #trouble: Trouble;
  readonly #commits: pg.Pool;
  readonly #others: pg.Pool;

  constructor(settings: PgSettings) {
    this.#schema = settings.schema;
    this.#statementTimeoutMs = settings.statementTimeoutMs;
    this.#trouble = new Trouble(settings.onTrouble);
    this.#commits = this.#pool(settings, 1);
    this.#others = this.#pool(settings, settings.poolSize);
  }

  query<Row>(statement: Statement<Row>, values: readonly Value[] = []): Promise<Row[]> {
    return this.#on(this.#others, (client) => this.#run(client, statement, values));
  }

  commit<Row>(statement: Statement<Row>, values: readonly Value[]): Promise<Row[]> {
    return this.#on(this.#commits, (client) => this.#run(client, statement, values));
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.#on(this.#others, async (client) => {
      await client.query("begin");
      try {
        const answer = await work({
          query: (statement, values = []) => this.#run(client, statement, values),
          script: async (text) => void (await client.query(inSchema(text, this.#schema))),
        });
        await client.query("commit");
        return answer;
      } catch (error) {
        await client.query("rollback").catch(() => {});
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await holdProcess(() => Promise.all([this.#commits.end(), this.#others.end()]));
  }

  #pool(settings: PgSettings, size: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: settings.url,
      max: size,
      connectionTimeoutMillis: settings.connectTimeoutMs,
      keepAlive: true,
      allowExitOnIdle: true,
      fallback_application_name: "troupe",
      types: { getTypeParser: (type: number) => READERS[type] ?? String },
    });
    // Without a listener, a connection that breaks would end the process. Who uses it is told by the failed statement;
    // an idle one is replaced, and if the database is gone, the next statement finds out.
    pool.on("connect", (client) => client.on("error", () => {}));
    pool.on("error", () => {});
    return pool;
  }

  async #on<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient | undefined;
    try {
      client = await pool.connect();
      const answer = await work(client);
      client.release();
      this.#trouble.fine();
      return answer;
    } catch (error) {
      const broken = isConnectionTrouble(error);
      client?.release(broken);
      if (broken && error instanceof Error) this.#trouble.lost(error);
      throw error;
    }
  }

  async #run<Row>(client: pg.PoolClient, statement: Statement<Row>, values: readonly Value[]): Promise<Row[]> {
    const { rows } = await client.query({
      text: inSchema(statement.text, this.#schema),
      values: [...values],
      query_timeout: this.#statementTimeoutMs,
    } as pg.QueryConfig);
    return rows as Row[];
  }
}
