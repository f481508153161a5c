import { type Address, type Receipt, request, z } from "troupe";
import type { BytePath } from "./byte-path.ts";

// What the agents write to each other. Paths are relative to the site, and chars are bytes: see `BytePath`.

const count = z.int().nonnegative();
const path = z.string() as unknown as z.ZodType<BytePath, BytePath>;

function listOf<T extends z.ZodType>(entry: T) {
  return z.array(entry).readonly();
}

function addressTo<Kinds>() {
  return z.string() as unknown as z.ZodType<Address<Kinds>, Address<Kinds>>;
}

const site = z.object({ dir: path, without: path.nullable() });

const area = z.object({
  parent: path,
  files: z.boolean(),
  folders: z.object({ first: path, last: path }).nullable(),
  given: listOf(path),
});

const tally = z.object({
  folders: listOf(z.object({ path, files: count, binaryFiles: count, bytes: count, lines: count, todos: count })),
  extensions: listOf(z.object({ extension: path, files: count, lines: count })),
  todos: listOf(z.object({ path, line: count, text: z.string() })),
  imports: listOf(z.object({ from: path, to: path, count })),
  unresolved: listOf(z.object({ path, specifier: z.string() })),
  longest: listOf(z.object({ path, lines: count })),
  unreadable: listOf(z.object({ path, error: z.string() })),
});

const imports = listOf(z.object({ importer: path, specifier: z.string() }));

/** To an owner whose imports were looked up. */
const answered = {
  /** Where so many of the imports that were asked about lead. */
  "imports-lead": z.object({ imports: count, tally }),
};

/** To the owner of what imports point at. */
const asked = {
  "where-lead": z.object({ site, asker: addressTo<typeof answered>(), imports }),
};

/** Who looks after what lies in a range of the top-level folders. */
const range = z.object({ first: path, last: path, owner: addressTo<typeof asked>() });

/** To whoever made a group: it has done its own work, and told the lead so many parts of the tally. */
const finished = {
  done: z.object({ parts: count }),
};

export const leadKinds = {
  start: z.object({ site }),
  /** Asks who looks after these top-level names: `owners` does, and where none fits, `others`. */
  "who-owns": request(
    z.object({ names: listOf(path) }),
    z.object({ owners: listOf(range), others: addressTo<typeof asked>() }),
  ),
  part: z.object({ tally }),
  ...finished,
};

export const ownerKinds = {
  own: z.object({ site, area, lead: addressTo<typeof leadKinds>() }),
  /** What a reader found; `end` with the last of a chunk. */
  facts: z.object({ files: count, tally, leaving: imports, end: z.boolean() }),
  ...asked,
  ...answered,
  ...finished,
};

export const readerKinds = {
  read: z.object({ site, area, chunk: listOf(z.object({ folder: path, names: listOf(path) })) }),
};

/** What it takes to make a group with an owner as its admin: owners make owners. */
export const ownerDefinition = { name: "owner", on: ownerKinds };

export type Asked = Address<typeof asked>;
export type Owner = Address<typeof ownerKinds>;
export type Lead = Address<typeof leadKinds>;
export type Range = z.infer<typeof range>;

/** For mail that has room by design: at most so much of it is ever on its way. A refusal fails the turn, which is tried again. */
export function mustBeSent(receipt: Receipt): void {
  if (!receipt.accepted) throw new Error(receipt.message);
}
