export { type SimulatedClock, simulatedClock } from "./simulated-clock.ts";
export type { OpenStore, StoreHarness } from "./store-contract/harness.ts";
export { type StoreContractOptions, storeContract } from "./store-contract/store-contract.ts";
