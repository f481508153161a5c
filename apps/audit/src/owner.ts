import { agent, type MessageOf } from "troupe";
import { answerOthers } from "./answer-others.ts";
import { askOthers } from "./ask-others.ts";
import { beginArea } from "./begin-area.ts";
import { handOut, takeBack } from "./hand-out.ts";
import { mustBeSent, ownerDefinition } from "./mail.ts";
import { isComplete, newOwner, type OwnerSelf } from "./owner-state.ts";
import { tellRest, tellTally } from "./tell-tally.ts";

type Mail = MessageOf<typeof ownerDefinition.on>;

/** An hour: the folders of a large tree are counted in one piece. */
const TURN_MS = 3_600_000;

/** A group's admin: looks after an area, with readers for its files, and answers others who import from it. */
export const owner = agent(ownerDefinition.name, {
  state: newOwner,
  on: ownerDefinition.on,
  onFailure: "escalate",
  batch: 32,
  turnMs: TURN_MS,
  async turn(mail, self: OwnerSelf) {
    for (const message of mail) await note(message, self);
    await answerOthers(
      self,
      mail.flatMap((message) => (message.kind === "where-lead" ? [message.body] : [])),
    );
    await handOut(self);
    await askOthers(self);
    report(self);
  },
});

async function note(message: Mail, self: OwnerSelf): Promise<void> {
  const { state } = self;
  switch (message.kind) {
    case "own":
      return beginArea(self, message.body);
    case "facts":
      if (message.body.end) takeBack(self, message.from);
      state.leaving = state.leaving.concat(message.body.leaving);
      return tellTally(self, message.body.tally);
    case "imports-lead":
      state.asked -= message.body.imports;
      return tellTally(self, message.body.tally);
    case "done":
      state.belowDone += 1;
      state.parts += message.body.parts;
      return;
    case "where-lead":
      return;
  }
}

/** Once all is done, tells whoever made this group. */
function report(self: OwnerSelf): void {
  const { state } = self;
  if (state.done || !isComplete(state) || self.spawner === undefined) return;
  tellRest(self);
  mustBeSent(self.tell(self.spawner, "done", { parts: state.parts }));
  state.done = true;
}
