/** One SQL statement, written for the schema `troupe`, and the shape of the rows it answers with. */
export interface Statement<Row> {
  readonly text: string;
  readonly row?: Row;
}

/** A statement; its parameters are `$1`, `$2`, … and are bound by position. */
export function sql<Row>(text: TemplateStringsArray): Statement<Row> {
  return { text: text.join("") };
}

const SCHEMA = /\btroupe\./g;

/** The text of a statement or script for a store in another schema, a plain identifier. */
export function inSchema(text: string, schema: string): string {
  return schema === "troupe" ? text : text.replace(SCHEMA, `"${schema}".`);
}
