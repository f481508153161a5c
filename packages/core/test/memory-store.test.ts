import { memoryStore } from "@troupe/core";
import { type OpenStore, simulatedClock, storeContract } from "@troupe/testing";

const open: OpenStore = async () => {
  const clock = simulatedClock();
  const store = memoryStore({ clock, shards: 4 });
  return { store, passTime: (ms) => clock.advance(ms), close: () => store.close() };
};

storeContract("the memory store", open, { modelRuns: 2_000 });
