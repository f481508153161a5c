import { FIRST, next, type Token } from "../token.ts";
import { behindValve } from "../valve.ts";
import { BATCHES, openQueue, QUEUE } from "./pg-boss-queue.ts";

/** Jobs fetched and sent by the batch: no state, and a batch may be sent twice. */
export const start = behindValve(async (url, active, valve) => {
  const boss = await openQueue(
    url,
    Array.from({ length: active }, () => FIRST),
  );
  await boss.work<Token>(QUEUE, BATCHES, (jobs) =>
    valve.hop(
      () =>
        boss.insert(
          QUEUE,
          jobs.map(({ data }) => ({ data: next(data) })),
        ),
      jobs.length,
    ),
  );
});
