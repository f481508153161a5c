import { describe, expect, it } from "vitest";
import { Gate } from "../src/gate.ts";

describe("Gate", () => {
  it("lets so many in at once, and the next when one is through, failed or not", async () => {
    const gate = new Gate(2);
    const ends = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
    const begun: number[] = [];

    const all = ends.map((end, at) =>
      gate.pass(() => {
        begun.push(at);
        return end.promise;
      }),
    );
    expect(begun).toEqual([0, 1]);

    ends[1]?.reject(new Error("no"));
    await expect(all[1]).rejects.toThrow("no");
    expect(begun).toEqual([0, 1, 2]);

    for (const end of ends) end.resolve(7);
    expect(await Promise.all([all[0], all[2], all[3]])).toEqual([7, 7, 7]);
    expect(await gate.pass(async () => 8)).toBe(8);
  });
});
