const LONG_MS = 2 ** 30;

/**
 * Keeps the process alive until the work is done. Idle connections do not, so that a program may simply end; but one
 * that waits for their end must see it.
 */
export async function holdProcess<T>(work: () => Promise<T>): Promise<T> {
  const hold = setInterval(() => {}, LONG_MS);
  try {
    return await work();
  } finally {
    clearInterval(hold);
  }
}
