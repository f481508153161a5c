import { inRange, isWithin } from "./area.ts";
import { type BytePath, ROOT } from "./byte-path.ts";
import type { Import } from "./import-resolver.ts";
import { type Asked, mustBeSent } from "./mail.ts";
import { hasRead, type OwnerSelf, type OwnerState } from "./owner-state.ts";
import { targetOf } from "./resolve-import.ts";

/** Imports in one question. Fewer wait until there are so many, or until all has been read. */
const IMPORTS = 512;

/** Asks the owners of what imports lead to, over the admin channel. The lead says who they are. */
export async function askOthers(self: OwnerSelf): Promise<void> {
  const { state } = self;
  if (!state.task || state.leaving.length === 0 || (state.leaving.length < IMPORTS && !hasRead(state))) return;
  const { site } = state.task;
  const others = await learnOwners(self, state.task.lead);
  const questions = Map.groupBy(state.leaving, (each) => ownerOf(state, targetPath(each)) ?? others);
  for (const [owner, imports] of questions) {
    if (owner === undefined) throw new Error("the lead did not say who looks after the rest");
    for (let at = 0; at < imports.length; at += IMPORTS) {
      const some = imports.slice(at, at + IMPORTS);
      mustBeSent(self.tell(owner, "where-lead", { site, asker: self.address, imports: some }));
    }
  }
  state.asked += state.leaving.length;
  state.leaving = [];
}

/** Asks the lead who looks after what imports lead to, unless all of that is known; answers with who does where no range fits. */
async function learnOwners(self: OwnerSelf, lead: NonNullable<OwnerState["task"]>["lead"]): Promise<Asked | undefined> {
  const { state } = self;
  const unknown = state.leaving.map(targetPath).filter((path) => ownerOf(state, path) === undefined);
  if (unknown.length === 0) return undefined;
  const names = [...new Set(unknown.map(firstName))];
  const answer = await self.ask(lead, "who-owns", { names });
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
