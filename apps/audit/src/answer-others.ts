import type { MessageOf } from "troupe";
import { isWithin } from "./area.ts";
import { effect } from "./effect.ts";
import { type Import, ImportResolver } from "./import-resolver.ts";
import { mustBeSent, type Owner, type ownerKinds } from "./mail.ts";
import type { OwnerSelf } from "./owner-state.ts";
import { targetOf } from "./resolve-import.ts";
import { mergeAll, type Tally } from "./tally.ts";

type Question = Extract<MessageOf<typeof ownerKinds>, { kind: "where-lead" }>["body"];

/** Looks up where the imports of others lead, and tells those who asked. What leads to a group below is passed on to it. */
export async function answerOthers(self: OwnerSelf, questions: readonly Question[]): Promise<void> {
  const own: Question[] = [];
  for (const question of questions) {
    const byOwner = Map.groupBy(question.imports, (each) => ownerBelow(self, each));
    for (const [owner, imports] of byOwner) {
      if (owner) mustBeSent(self.tell(owner, "where-lead", { ...question, imports }));
      else own.push({ ...question, imports });
    }
  }
  if (own.length === 0) return;
  const tallies = await effect(self, "resolve", () => Promise.all(own.map(resolve)));
  for (const [at, { asker, imports }] of own.entries()) {
    mustBeSent(self.tell(asker, "imports-lead", { imports: imports.length, tally: tallies[at] as Tally }));
  }
}

function ownerBelow(self: OwnerSelf, { importer, specifier }: Import): Owner | undefined {
  const target = targetOf(importer, specifier);
  return target && self.state.below.find(({ folder }) => isWithin(folder, target.path))?.owner;
}

async function resolve({ site, imports }: Question): Promise<Tally> {
  const resolver = new ImportResolver(site);
  const tallies: Tally[] = [];
  for (const each of imports) tallies.push(await resolver.tally(each));
  return mergeAll(tallies);
}
