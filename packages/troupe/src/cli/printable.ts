/** What can move a cursor, recolour, reorder or hide text on a screen: controls, formats, separators, lone surrogates. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text of others as it may be shown: on one line, with what is not seen spelled out as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNSEEN, (unseen) => NAMED[unseen] ?? `\\u{${unseen.codePointAt(0)?.toString(16)}}`);
}

/** The same for finished JSON, in which it stays JSON. Line breaks can only be those between its parts. */
export function printableJson(json: string): string {
  return json.replace(UNSEEN, (unseen) => (unseen === "\n" ? unseen : escapeUnits(unseen)));
}

function escapeUnits(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}
