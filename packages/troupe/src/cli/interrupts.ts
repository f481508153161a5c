/** What a shell would report for a process that a signal ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type InterruptSignal = keyof typeof EXIT_CODES;

/**
 * Lets a process that is told to stop put its things away first, and keeps it alive for so long; told again, it stops at
 * once. Its exit code says that it was interrupted, whatever comes of it. The answer ends the watch.
 *
 * A signal that other code of the process listens to as well is left to that code.
 */
export function onInterrupt(putAway: (signal: InterruptSignal) => Promise<void>): () => void {
  let interrupted = false;
  const hear = (signal: InterruptSignal) => {
    if (process.listenerCount(signal) > 1) return;
    const code = EXIT_CODES[signal];
    if (interrupted) process.exit(code);
    interrupted = true;
    process.on("exit", () => {
      process.exitCode = code;
    });
    const alive = setInterval(() => undefined, 2 ** 30);
    putAway(signal)
      .catch(() => undefined)
      .finally(() => {
        clearInterval(alive);
        process.exit(code);
      });
  };
  const signals = Object.keys(EXIT_CODES) as InterruptSignal[];
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
  };
}
