const BOOL = 16;
const BYTEA = 17;
const INT8 = 20;
const INT4 = 23;
const JSON_TEXT = 114;
const JSONB = 3802;

/** How answers are read from the text format, by the oid of their type, the same by both drivers. */
export const READERS: Readonly<Record<number, (text: string) => unknown>> = {
  [BOOL]: (text) => text === "t",
  [BYTEA]: (text) => Buffer.from(text.slice(2), "hex"),
  // Every bigint of the schema is a safe integer.
  [INT8]: Number,
  [INT4]: Number,
  [JSON_TEXT]: (text) => JSON.parse(text),
  [JSONB]: (text) => JSON.parse(text),
};
