import { areaOf } from "./area.ts";
import { nameOf, parentOf } from "./byte-path.ts";
import { effect } from "./effect.ts";
import { groupName } from "./group-name.ts";
import { hireReader } from "./hand-out.ts";
import { mustBeSent, ownerDefinition } from "./mail.ts";
import type { OwnerSelf, OwnerState } from "./owner-state.ts";
import { largeFolders, startOf } from "./walk.ts";

/** A folder with so many files below it gets a group of its own. */
const LARGE_FILES = 128;

/** Of the 64 children that an actor may have, some are left for readers. */
const MOST_GROUPS = 56;

/** Takes an area on: large folders in it go to groups below, as far as the supervisor lets us make any. */
export async function beginArea(self: OwnerSelf, task: NonNullable<OwnerState["task"]>): Promise<void> {
  const { site, area, lead } = task;
  hireReader(self);
  const large = await effect(self, "large", () => largeFolders(site, area, LARGE_FILES, MOST_GROUPS));
  for (const [at, folder] of large.entries()) {
    const group = self.spawnGroup(ownerDefinition, groupName(at, folder));
    if (!group.accepted) break;
    const name = nameOf(folder);
    const own = { site, area: areaOf(parentOf(folder), { first: name, last: name }), lead };
    mustBeSent(self.tell(group.address, "own", own));
    self.state.below.push({ folder, owner: group.address });
  }
  self.state.task = { site, area: { ...area, given: self.state.below.map(({ folder }) => folder) }, lead };
  self.state.position = startOf(area);
}
