import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brief, cut } from "../src/cli/brief.ts";
import { printable, printableJson } from "../src/cli/printable.ts";

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const anyText = fc.string({ unit: "binary" });

describe("printable", () => {
  it.each([
    ["\u001b[31mred", String.raw`\u{1b}[31mred`],
    ["one\ntwo\r\t", String.raw`one\ntwo\r\t`],
    ["\u009b2J\u007f", String.raw`\u{9b}2J\u{7f}`],
    ["a\u202eb\u2066c", String.raw`a\u{202e}b\u{2066}c`],
    ["\u2028\ufeff\u200b", String.raw`\u{2028}\u{feff}\u{200b}`],
    ["\ud800", String.raw`\u{d800}`],
    ["\u{e0041}", String.raw`\u{e0041}`],
    ["Grüße, 世界 🎭", "Grüße, 世界 🎭"],
  ])("spells out what is not seen in %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it("leaves nothing unseen in any text", () => {
    fc.assert(fc.property(anyText, (text) => !UNSEEN.test(printable(text))));
  });
});

describe("printableJson", () => {
  it("says the same, and shows it all", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const json = printableJson(JSON.stringify(value, undefined, 2));

        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(UNSEEN.test(json.replaceAll("\n", ""))).toBe(false);
      }),
    );
  });
});

describe("brief", () => {
  it("is one line of at most so many characters, none of them half", () => {
    expect(brief({ text: "x".repeat(100) }, 20)).toBe('{"text":"xxxxxxxxxx…');
    expect(brief(undefined, 20)).toBe("nothing");
    expect(cut("🎭🎭🎭", 2)).toBe("🎭…");
    expect(cut("🎭🎭🎭", 3)).toBe("🎭🎭🎭");
  });
});
