import type { DeadLetter } from "@troupe/core";
import { duration, plural } from "./amounts.ts";
import { brief } from "./brief.ts";
import type { Colours } from "./colours.ts";
import { plainBytes } from "./plain-value.ts";
import { printable } from "./printable.ts";
import { tableLines } from "./table.ts";

const BODY_LENGTH = 300;

interface View {
  readonly now: number;
  readonly width: number | undefined;
  readonly colours: Colours;
}

/** A letter in a few lines, the first of them its id, to be copied. */
export function deadLetterLines(letter: DeadLetter, { now, width, colours }: View): string[] {
  const attempts = `${letter.reason} after ${plural(letter.attempts, "attempt")}, ${duration(now - letter.at)} ago`;
  const facts: [name: string, text: string][] = [
    ["from", letter.sender],
    ["to", `${letter.actor}@${letter.group}`],
    ["reason", attempts],
    ...(letter.error === null ? [] : [["error", letter.error] as [string, string]]),
  ];
  const rows = [
    ...facts.map(([name, text]) => ({ name, text: printable(text) })),
    { name: "message", text: `${printable(letter.kind)} ${brief(plainBytes(letter.body), BODY_LENGTH)}` },
  ].map(({ name, text }) => ({
    cells: [
      { text: `  ${name}`, paint: colours.dim },
      { text, ...(name === "error" && { paint: colours.red }) },
    ],
  }));
  return [colours.bold(printable(letter.id)), ...tableLines(rows, width)];
}

/** A letter as `--json` shows it. */
export function deadLetterJson({ body, ...letter }: DeadLetter) {
  return { ...letter, body: plainBytes(body) };
}
