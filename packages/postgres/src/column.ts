import { byteaArray, int8Array, textArray } from "./binary-array.ts";

/** Packs one column of some rows as an array parameter; null stands for an array of nulls. */
export type Column<Row> = (rows: readonly Row[]) => Buffer | null;

export const int8 =
  <Row>(pick: (row: Row) => number | null): Column<Row> =>
  (rows) =>
    int8Array(rows.map(pick));

export const text =
  <Row>(pick: (row: Row) => string | null): Column<Row> =>
  (rows) =>
    textArray(rows.map(pick));

export const bytea =
  <Row>(pick: (row: Row) => Uint8Array | null): Column<Row> =>
  (rows) =>
    byteaArray(rows.map(pick));

/** A column that is null from top to bottom in most batches, and is then not sent. */
const sparse =
  <Part, Row>(array: (parts: readonly (Part | null)[]) => Buffer, pick: (row: Row) => Part | null): Column<Row> =>
  (rows) => {
    const parts = rows.map(pick);
    return parts.every((part) => part === null) ? null : array(parts);
  };

export const sparseText = <Row>(pick: (row: Row) => string | null): Column<Row> => sparse(textArray, pick);
export const sparseBytea = <Row>(pick: (row: Row) => Uint8Array | null): Column<Row> => sparse(byteaArray, pick);

/** All columns of some rows; nulls if there are none. */
export function pack<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): (Buffer | null)[] {
  return columns.map((column) => (rows.length === 0 ? null : column(rows)));
}
