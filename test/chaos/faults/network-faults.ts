import type { Link } from "../network/link.ts";
import type { CutPoint } from "../network/proxied-connection.ts";
import type { Stage } from "../stage.ts";
import { type Fault, pause } from "./fault.ts";

// Between one worker (now and then: whoever is outside) and the database.

/** A commit comes within this time from a worker that has anything to do. */
const COMMIT_WITHIN_MS = 3_000;
const OUTSIDE_SHARE = 0.2;

async function pickLink({ crew, clientLink }: Stage, chance: number): Promise<Link | undefined> {
  if (chance < OUTSIDE_SHARE) return clientLink;
  return (await crew.pick())?.post.link;
}

/** A fault of one link that lasts for some leases, or is over at once. */
function lasting(what: string, perHour: number, leases: readonly [number, number], begin: (link: Link) => void): Fault {
  return {
    what,
    perHour,
    figure: "cuts",
    async run(stage, dice) {
      const link = await pickLink(stage, dice.between(0, 1));
      if (link === undefined) return false;
      begin(link);
      await pause(dice.between(...leases) * stage.leaseMs);
      link.heal();
      return true;
    },
  };
}

function cutAt(point: CutPoint, what: string): Fault {
  return {
    what,
    perHour: 130,
    figure: "cuts",
    async run(stage, dice) {
      for (let attempt = 0; attempt < 10; attempt++) {
        const link = await pickLink(stage, dice.between(0, 1));
        if (link === undefined) return false;
        const cut = await Promise.race([
          link.cutAtCommit(point).then(() => true),
          pause(COMMIT_WITHIN_MS).then(() => false),
        ]);
        link.callOff();
        if (cut) return true;
      }
      return false;
    },
  };
}

export const cutWhenSent = cutAt("sent", "the connection cut when a COMMIT (or a post from outside) is sent");
export const cutWhenAnswered = cutAt(
  "answered",
  "the connection cut after the COMMIT (or the post), before the answer arrives",
);
export const dropped = lasting("connections dropped, and none accepted", 80, [0, 2], (link) => link.drop());
export const reset = lasting("connections reset", 80, [0, 0], (link) => link.reset());
export const stalled = lasting("connections stalled", 80, [0.2, 3], (link) => link.stall());
export const lostOnTheWay = lasting("what the worker sends is lost", 50, [0.5, 3], (link) =>
  link.blackhole("toServer"),
);
export const lostOnTheWayBack = lasting("what the database sends is lost", 50, [0.5, 3], (link) =>
  link.blackhole("toClient"),
);
