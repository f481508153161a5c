import { memoryStore } from "@troupe/core";
import { simulatedClock, storeContract } from "@troupe/testing";

storeContract("the memory store", async () => {
  const clock = simulatedClock();
  const store = memoryStore({ clock, shards: 4 });
  return { store, passTime: (ms) => clock.advance(ms), close: () => store.close() };
});
