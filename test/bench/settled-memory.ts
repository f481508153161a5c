/** The memory of this process, once all that can be collected is, and given back to the system. Needs `--expose-gc`. */
export async function settledMemory(): Promise<NodeJS.MemoryUsage> {
  for (let time = 0; time < 5; time++) {
    await globalThis.gc?.({ type: "major", execution: "async", flavor: "last-resort" });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage();
}
