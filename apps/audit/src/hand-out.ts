import type { Area } from "./area.ts";
import { hasAskedEnough } from "./ask-others.ts";
import { effect } from "./effect.ts";
import { mustBeSent } from "./mail.ts";
import type { OwnerSelf } from "./owner-state.ts";
import { reader } from "./reader.ts";
import type { Site } from "./site.ts";
import { tellTally } from "./tell-tally.ts";
import { type Chunk, walk } from "./walk.ts";

const READERS = 4;

/** One to read, and one that lies ready when it is done. */
const CHUNKS_EACH = 2;

/** Walks on, and gives readers what it finds, until they have enough in hand. */
export async function handOut(self: OwnerSelf): Promise<void> {
  const { state } = self;
  const { task } = state;
  if (!task) return;
  for (let round = 0; state.position && !hasAskedEnough(state); round++) {
    const free = READERS * CHUNKS_EACH - state.inHand.reduce((sum, chunks) => sum + chunks, 0);
    if (free <= 0) return;
    const from = state.position;
    const page = await effect(self, `walk:${round}`, () => walk(task.site, task.area, from, free));
    tellTally(self, page.tally);
    for (const chunk of page.chunks) give(self, { site: task.site, area: task.area, chunk });
    state.position = page.next;
  }
}

/** Spawns one more reader, if the supervisor lets us. */
export function hireReader(self: OwnerSelf): ReturnType<typeof readerAt> {
  const hired = readerAt(self, self.state.inHand.length);
  if (hired.accepted) self.state.inHand.push(0);
  return hired;
}

/** A chunk has been read. */
export function takeBack(self: OwnerSelf, address: string): void {
  const { inHand } = self.state;
  const at = inHand.findIndex((_, place) => address === `${readerName(place)}@${self.group}`);
  inHand[at] = (inHand[at] ?? 0) - 1;
}

function give(self: OwnerSelf, work: { readonly site: Site; readonly area: Area; readonly chunk: Chunk }): void {
  const { inHand } = self.state;
  const at = chooseReader(self);
  const chosen = readerAt(self, at);
  if (!chosen.accepted) throw new Error(chosen.message);
  mustBeSent(self.tell(chosen.address, "read", work));
  inHand[at] = (inHand[at] ?? 0) + 1;
}

/** One that has nothing to do, or a new one while there may be one, or else the one with the least in hand. */
function chooseReader(self: OwnerSelf): number {
  const { inHand } = self.state;
  const idle = inHand.indexOf(0);
  if (idle !== -1) return idle;
  const hired = inHand.length < READERS ? hireReader(self) : undefined;
  if (hired?.accepted) return inHand.length - 1;
  if (hired && inHand.length === 0) throw new Error(hired.message);
  return inHand.indexOf(Math.min(...inHand));
}

/** The same name is the same actor. */
function readerAt(self: OwnerSelf, place: number) {
  return self.spawn(reader, readerName(place));
}

function readerName(place: number): string {
  return `reader-${place + 1}`;
}
