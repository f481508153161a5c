import type { RunHistory, Violation } from "./history.ts";
import type { RunIndex } from "./index-of-run.ts";

/** Every log is whole, and its seqs were given by one owner after the other. */
export function checkLogs({ channels }: RunHistory, index: RunIndex): Violation[] {
  const found: Violation[] = [];
  for (const { key, name, head } of channels) {
    const rows = index.messages.get(key) ?? [];
    const gap = rows.findIndex(({ seq }, place) => seq !== place + 1);
    if (gap !== -1)
      found.push({ promise: "gapless log", detail: `${name}: seq ${rows[gap]?.seq} in the place of ${gap + 1}` });
    if (rows.length !== head)
      found.push({ promise: "gapless log", detail: `${name}: ${rows.length} rows, head ${head}` });
    for (let place = 1; place < rows.length; place++) {
      const [before, after] = [rows[place - 1]?.epoch ?? 0, rows[place]?.epoch ?? Infinity];
      if (after < before)
        found.push({
          promise: "one owner",
          detail: `${name}: seq ${place + 1} by epoch ${after} after epoch ${before}`,
        });
    }
  }
  return found;
}
