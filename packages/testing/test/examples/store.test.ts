import { memoryStore } from "@troupe/core";
import { type OpenStore, simulatedClock, storeContract } from "@troupe/testing";

// Called once a test: a new, empty store each time.
const open: OpenStore = async () => {
  const clock = simulatedClock();
  const store = memoryStore({ clock });
  return {
    store,
    // Moves the clock that leases are judged by. Without it the suite waits, 50 ms at a time.
    passTime: (ms) => clock.advance(ms),
    close: () => store.close(),
  };
};

storeContract("my store", open, { modelRuns: 100, durable: false });
