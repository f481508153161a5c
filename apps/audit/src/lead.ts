import { agent, type MessageOf, type Self } from "troupe";
import { areaOf, type FolderRange, inRange, TOP_FILES } from "./area.ts";
import { type BytePath, ROOT } from "./byte-path.ts";
import { effect } from "./effect.ts";
import { groupName } from "./group-name.ts";
import { leadKinds, mustBeSent, type Owner, ownerDefinition, type Range } from "./mail.ts";
import { type Report, reportOf, reportSchema } from "./report.ts";
import { listIn, type Site } from "./site.ts";
import { mergeAll, type Tally } from "./tally.ts";

type State = {
  /** Who looks after which of the top-level folders. */
  owners: Range[];
  /** Who looks after the files that lie in none. */
  others: Owner | undefined;
  /** Groups that have done their work. */
  done: number;
  /** Parts of the tally that have come, and that have been sent by the groups that are done. */
  parts: number;
  sent: number;
  /** Messages so far. */
  mail: number;
};

type LeadSelf = Self<typeof leadKinds, State, Report>;

/** Of the 64 children that an actor may have, one looks after the files at the top. */
const MOST_GROUPS = 63;

/** Looks at the top level, spawns a group for each folder, says who looks after what, and puts the report together. */
export const lead = agent("lead", {
  state: (): State => ({ owners: [], others: undefined, done: 0, parts: 0, sent: 0, mail: 0 }),
  on: leadKinds,
  result: reportSchema,
  onFailure: "escalate",
  batch: 100,
  async turn(mail, self: LeadSelf) {
    for (const message of mail) await note(message, self);
    const { state } = self;
    state.mail += mail.length;
    const groups = state.owners.length + (state.others === undefined ? 0 : 1);
    if (groups > 0 && state.done === groups && state.parts === state.sent) self.finish(await makeReport(self));
  },
});

async function note(message: MessageOf<typeof leadKinds>, self: LeadSelf): Promise<void> {
  const { state } = self;
  switch (message.kind) {
    case "start":
      return begin(message.body.site, self);
    case "who-owns": {
      const owners = state.owners.filter((range) => message.body.names.some((name) => inRange(name, range)));
      return mustBeSent(self.reply(message, { owners, others: state.others as Owner }));
    }
    case "part":
      state.parts += 1;
      return;
    case "done":
      state.done += 1;
      state.sent += message.body.parts;
      return;
  }
}

/** A group for each folder, as far as the supervisor lets us make any; beyond that, neighbours share one. */
async function begin(site: Site, self: LeadSelf): Promise<void> {
  const names = await effect(self, "folders", async () => (await topFolders(site)).slice(0, MOST_GROUPS));
  const top = self.spawnGroup(ownerDefinition, "top");
  if (!top.accepted) throw new Error(top.message);
  const owners: Owner[] = [];
  for (const [at, name] of names.entries()) {
    const group = self.spawnGroup(ownerDefinition, groupName(at, name));
    if (!group.accepted) break;
    owners.push(group.address);
  }
  const ranges = await effect(self, "ranges", async () => divide(await topFolders(site), Math.max(1, owners.length)));
  const alone = owners.length === 0 ? (ranges[0] ?? null) : null;
  mustBeSent(self.tell(top.address, "own", { site, area: { ...TOP_FILES, folders: alone }, lead: self.address }));
  for (const [at, owner] of owners.entries()) {
    const range = ranges[at];
    if (!range) break; // A folder went away in between.
    mustBeSent(self.tell(owner, "own", { site, area: areaOf(ROOT, range), lead: self.address }));
    self.state.owners.push({ ...range, owner });
  }
  self.state.others = top.address;
}

async function topFolders(site: Site): Promise<readonly BytePath[]> {
  const listing = await listIn(site, ROOT);
  return "error" in listing ? [] : listing.folders;
}

/** Cuts a list of names into ranges of neighbours, as even as can be. */
function divide(names: readonly BytePath[], most: number): FolderRange[] {
  const ranges = Math.min(most, names.length);
  const place = (at: number): number => Math.floor((at * names.length) / ranges);
  return Array.from({ length: ranges }, (_, at) => ({
    first: names[place(at)] as BytePath,
    last: names[place(at + 1) - 1] as BytePath,
  }));
}

/** The parts of the tally lie in the group's log, which is there as long as the run: the state need not hold them. */
async function makeReport(self: LeadSelf): Promise<Report> {
  const log = await self.history(self.state.mail);
  const tallies = log.flatMap(({ kind, body }) => (kind === "part" ? [(body as { tally: Tally }).tally] : []));
  if (tallies.length !== self.state.parts)
    throw new Error(`${tallies.length} parts of ${self.state.parts} are in the log`);
  return reportOf(mergeAll(tallies));
}
