import { Client } from "pg";
import { answersWithin, askOnce, endSoon, type Stage } from "../stage.ts";
import { type Fault, pause } from "./fault.ts";

const RECOVERY_MS = 60_000;
const SESSIONS = "from pg_stat_activity where application_name like 'troupe%' and pid <> pg_backend_pid()";

export const terminated: Fault = {
  what: "pg_terminate_backend of all sessions, or of some",
  perHour: 60,
  exclusive: true,
  async run({ url }, dice) {
    const some = dice.between(0, 1) < 0.5 ? "" : "and random() < 0.3";
    await askOnce(url, `select pg_terminate_backend(pid) ${SESSIONS} ${some}`);
    return true;
  },
};

async function restart({ server, url, leaseMs }: Stage, downLeases: number, stop: () => Promise<void>) {
  await stop();
  await pause(downLeases * leaseMs);
  await server.restart();
  return answersWithin(url, RECOVERY_MS);
}

export const crashed: Fault = {
  what: "PostgreSQL killed, and started again",
  perHour: 65,
  figure: "restarts",
  exclusive: true,
  run: (stage, dice) => restart(stage, dice.between(0, 1.5), () => stage.server.kill()),
};

export const stoppedAtOnce: Fault = {
  what: "PostgreSQL stopped in immediate mode, and started again",
  perHour: 55,
  figure: "restarts",
  exclusive: true,
  run: (stage, dice) => restart(stage, dice.between(0, 1.5), () => stage.server.stopAtOnce()),
};

/** Takes every connection there is, those of the workers included; false if the server never said that it is full. */
async function takeAll({ url }: Stage, until: number): Promise<boolean> {
  const taken: Client[] = [];
  let full = false;
  try {
    while (performance.now() < until) {
      const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
      client.on("error", () => {});
      try {
        await client.connect();
        taken.push(client);
        // From here on, what the workers lose is ours.
        if (taken.length === 1 || full)
          await client.query(`select pg_terminate_backend(pid) ${SESSIONS} and random() < 0.5`);
      } catch (error) {
        if ((error as { code?: string }).code !== "53300") throw error;
        full = true;
        await pause(20);
      }
    }
  } finally {
    await Promise.all(taken.map(endSoon));
  }
  return full;
}

export const exhausted: Fault = {
  what: "every connection of the server taken by others",
  perHour: 20,
  exclusive: true,
  run: (stage, dice) => takeAll(stage, performance.now() + 1_000 + dice.between(0.5, 3) * stage.leaseMs),
};

export const poolerKilled: Fault = {
  what: "the pooler killed, and started again",
  perHour: 20,
  missing: ({ pooler }) => (pooler ? undefined : "pgbouncer is not installed"),
  async run({ pooler }) {
    await pooler?.restart();
    return true;
  },
};
