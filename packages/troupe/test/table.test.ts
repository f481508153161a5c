import { expect, it } from "vitest";
import { type Row, tableLines } from "../src/cli/table.ts";

const row = (...texts: string[]): Row => ({ cells: texts.map((text) => ({ text })) });

it("keeps columns in line, whatever they are painted with", () => {
  const painted: Row = {
    cells: [
      { text: "b", paint: (text) => `<${text}>` },
      { text: "1", align: "right" },
    ],
  };

  expect(tableLines([row("name", "amount"), painted], undefined)).toEqual(["name  amount", "<b>          1"]);
});

it("lets a last cell span what is left, without widening a column", () => {
  const spanning: Row = { ...row("a", "a remark of some length"), spans: true };

  expect(tableLines([row("head", "x", "y"), spanning], undefined)).toEqual([
    "head  x  y",
    "a     a remark of some length",
  ]);
});

it("cuts the last column where the screen ends, and nothing where there is none", () => {
  const rows = [row("id", "a long text without end")];

  expect(tableLines(rows, 14)).toEqual(["id  a long te…"]);
  expect(tableLines(rows, undefined)).toEqual(["id  a long text without end"]);
});
