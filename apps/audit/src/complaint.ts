/** What a caller got wrong, or what went wrong, in one line for the caller. */
export class Complaint extends Error {
  readonly exitCode: number;

  constructor(text: string, exitCode = 2) {
    super(oneLine(text));
    this.exitCode = exitCode;
  }
}

/** Text with nothing in it that could move the cursor or begin a line. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    char === "\n" ? "\\n" : `\\u{${char.codePointAt(0)?.toString(16)}}`,
  );
}
