import type { Fault } from "./fault.ts";

export const kill: Fault = {
  what: "kill -9 of a worker under load",
  perHour: 1_200,
  figure: "kills",
  async run({ crew }) {
    const member = await crew.pick();
    if (member === undefined) return false;
    await crew.kill(member);
    return true;
  },
};

export const suspend: Fault = {
  what: "SIGSTOP of a worker for 0.5 to 5 leases, then SIGCONT",
  perHour: 240,
  figure: "pauses",
  async run({ crew, leaseMs }, dice) {
    // One whose clock tells it of the pause gives up by itself; the others have to be fenced.
    const isAny = dice.between(0, 1) < 0.3;
    const member = await crew.pick(({ standsStill }) => isAny || standsStill);
    if (member === undefined) return false;
    await crew.pause(member, dice.between(0.5, 5) * leaseMs);
    return true;
  },
};

export const retire: Fault = {
  what: "a worker leaves, and another comes",
  perHour: 30,
  async run({ crew }) {
    const member = await crew.pick();
    if (member === undefined) return false;
    await crew.retire(member);
    return true;
  },
};
