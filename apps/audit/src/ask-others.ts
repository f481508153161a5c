import { inRange, isWithin } from "./area.ts";
import { type BytePath, ROOT } from "./byte-path.ts";
import type { Import } from "./import-resolver.ts";
import { type Asked, type Lead, mustBeSent } from "./mail.ts";
import { hasRead, type OwnerSelf, type OwnerState } from "./owner-state.ts";
import { targetOf } from "./resolve-import.ts";

/** Imports in one question. Fewer wait until there are so many, or until all has been read. */
const IMPORTS = 512;

/** While so many imports wait for an answer, the others are held back, and no more files are read. */
const MOST_ASKED = 16_384;

/** The lead answers at once, but the audit may be stopped in between, and be taken up again days later. */
const PATIENCE_MS = 7 * 24 * 3_600_000;

/** Whether enough has been asked for now. */
export function hasAskedEnough({ asked, leaving }: OwnerState): boolean {
  return asked + leaving.length >= MOST_ASKED;
}

/** Asks the owners of what imports lead to, over the admin channel. The lead says who they are. */
export async function askOthers(self: OwnerSelf): Promise<void> {
  const { state } = self;
  if (!state.task || (state.leaving.length < IMPORTS && !hasRead(state))) return;
  const some = state.leaving.slice(0, Math.max(0, MOST_ASKED - state.asked));
  if (some.length === 0) return;
  const { site, lead } = state.task;
  const others = await learnOwners(self, lead, some);
  const byOwner = Map.groupBy(some, (each) => ownerOf(state, targetPath(each)) ?? others);
  for (const [owner, imports] of byOwner) {
    if (owner === undefined) throw new Error("the lead did not say who looks after the rest");
    for (let at = 0; at < imports.length; at += IMPORTS) {
      const question = { site, asker: self.address, imports: imports.slice(at, at + IMPORTS) };
      mustBeSent(self.tell(owner, "where-lead", question));
    }
  }
  state.asked += some.length;
  state.leaving = state.leaving.slice(some.length);
}

/** Asks the lead who looks after what these lead to, unless all of that is known; answers with who does where no range fits. */
async function learnOwners(self: OwnerSelf, lead: Lead, imports: readonly Import[]): Promise<Asked | undefined> {
  const { state } = self;
  const unknown = imports.map(targetPath).filter((path) => ownerOf(state, path) === undefined);
  if (unknown.length === 0) return undefined;
  const names = [...new Set(unknown.map(firstName))];
  const answer = await self.ask(lead, "who-owns", { names }, { deadlineMs: PATIENCE_MS });
  if (!answer.accepted) throw new Error(answer.message);
  state.owners.push(...answer.reply.owners);
  return answer.reply.others;
}

/** Who looks after a path, if that is known: a group below, or whoever has its top-level folder. */
function ownerOf(state: OwnerState, path: BytePath): Asked | undefined {
  const below = state.below.find(({ folder }) => isWithin(folder, path));
  if (below) return below.owner;
  const name = firstName(path);
  return state.owners.find((range) => inRange(name, range))?.owner;
}

function targetPath({ importer, specifier }: Import): BytePath {
  return targetOf(importer, specifier)?.path ?? ROOT;
}

function firstName(path: BytePath): BytePath {
  const end = path.indexOf("/");
  return end === -1 ? path : (path.slice(0, end) as BytePath);
}
