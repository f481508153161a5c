import type { Statement } from "./sql/statement.ts";

/** What a statement can be given. Buffers travel in binary: `bytea`, and the arrays of `binary-array.ts`. */
export type Value = string | number | Buffer | null;

/** A connection to PostgreSQL, in this process or over a socket. Rejects with the driver's own errors. */
export interface Database {
  /** One statement in a transaction of its own. */
  query<Row>(statement: Statement<Row>, values?: readonly Value[]): Promise<Row[]>;
  /** The same on the lane that is kept for commits, so that no slow read stands in their way. */
  commit<Row>(statement: Statement<Row>, values: readonly Value[]): Promise<Row[]>;
  /** Scripts and statements on one connection in one transaction. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A connection inside a transaction. */
export interface Session {
  query<Row>(statement: Statement<Row>, values?: readonly Value[]): Promise<Row[]>;
  /** Several statements without parameters. */
  script(text: string): Promise<void>;
}
