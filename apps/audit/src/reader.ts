import { agent } from "troupe";
import { joinPath } from "./byte-path.ts";
import { effect } from "./effect.ts";
import { mustBeSent, readerKinds } from "./mail.ts";
import { readFiles } from "./read-files.ts";

/** An hour: a file of many gigabytes is read in one piece. */
const TURN_MS = 3_600_000;

/** Reads files, and tells its group's admin what is in them. */
export const reader = agent("reader", {
  state: { files: 0 },
  on: readerKinds,
  onFailure: "escalate",
  turnMs: TURN_MS,
  async turn({ body: { site, area, chunk }, from }, self) {
    const paths = chunk.flatMap(({ folder, names }) => names.map((name) => joinPath(folder, name)));
    for (let at = 0; at < paths.length; ) {
      const left = paths.slice(at);
      const { read, tally, leaving } = await effect(self, `read:${at}`, ({ signal }) =>
        readFiles(site, area, left, signal),
      );
      at += read;
      self.state.files += read;
      mustBeSent(self.tell(from, "facts", { files: read, tally, leaving, end: at === paths.length }));
    }
  },
});
