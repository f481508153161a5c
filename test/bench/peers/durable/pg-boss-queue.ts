import { PgBoss } from "pg-boss";

export const QUEUE = "hop";

/** Workers are notified instead of polling, and the queue has a table of its own. */
export async function openQueue(url: string, tokens: readonly object[]): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, useListenNotify: true, schedule: false });
  boss.on("error", console.error);
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true, partition: true });
  await boss.insert(
    QUEUE,
    tokens.map((data) => ({ data })),
  );
  return boss;
}

/** One worker with large batches did better than several with smaller ones. */
export const BATCHES = { batchSize: 500, burstWhenBatchFull: true } as const;
