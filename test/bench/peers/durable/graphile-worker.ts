import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { FIRST, next, type Token } from "../token.ts";
import { behindValve } from "../valve.ts";

const silent = new Logger(() => () => undefined);

/** A job that adds the next one, with the settings that its page on performance was measured with. */
export const start = behindValve(async (url, active, valve) => {
  const utils = await makeWorkerUtils({ connectionString: url, logger: silent });
  await utils.migrate();
  await utils.addJobs(Array.from({ length: active }, () => ({ identifier: "hop", payload: FIRST })));
  await utils.release();

  await run({
    preset: {
      worker: {
        connectionString: url,
        logger: silent,
        concurrentJobs: 24,
        maxPoolSize: 25,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    noHandleSignals: true,
    taskList: {
      hop: (token, { addJob }) => valve.hop(async () => void (await addJob("hop", next(token as Token)))),
    },
  });
});
