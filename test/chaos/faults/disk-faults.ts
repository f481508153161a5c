import { answersWithin, askOnce, type Stage } from "../stage.ts";
import { type Fault, pause } from "./fault.ts";

const RECOVERY_MS = 60_000;
const SOON_MS = 1_000;
/** More of it than all the segments of the write-ahead log that are there to be used again. */
const MOST_NOISE = 120;
const NOISE = "select pg_logical_emit_message(false, 'noise', repeat('x', 900000))";

const missing = ({ disks }: Stage) => (disks ? undefined : "no file system can be mounted here");

export const tablesFull: Fault = {
  what: "the disk of some tables full",
  perHour: 15,
  exclusive: true,
  missing,
  async run({ disks, url, leaseMs }, dice) {
    if (disks === undefined) return false;
    await disks.tables.fill();
    try {
      const refused = await askOnce(url, "create table probe tablespace small as select repeat('x', 20000) as x").then(
        () => false,
        (error: { code?: string }) => error.code === "53100",
      );
      await pause(dice.between(0.3, 2) * leaseMs);
      return refused;
    } finally {
      disks.tables.makeRoom();
      await askOnce(url, "drop table if exists probe");
    }
  },
};

export const logFull: Fault = {
  what: "the disk of the write-ahead log full: PostgreSQL panics, and is started again",
  perHour: 10,
  figure: "restarts",
  exclusive: true,
  missing,
  async run({ disks, server, url, leaseMs }, dice) {
    if (disks === undefined) return false;
    await disks.log.fill();
    const panicked = await makeNoise(url);
    await pause(dice.between(0, 1) * leaseMs);
    disks.log.makeRoom();
    if (!(await answersWithin(url, SOON_MS))) {
      // Where its recovery ran out of room as well, it may stand there for good, neither up nor down.
      await server.kill();
      await server.restart();
    }
    return (await answersWithin(url, RECOVERY_MS)) && panicked;
  },
};

/** Writes to the log until the server breaks down; false if it does not. */
async function makeNoise(url: string): Promise<boolean> {
  for (let time = 0; time < MOST_NOISE; time++) {
    try {
      await askOnce(url, NOISE);
    } catch {
      return true;
    }
  }
  return false;
}
