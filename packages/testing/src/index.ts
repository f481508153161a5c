export {
  type CommitFault,
  type Fault,
  type FaultPlan,
  type FaultRates,
  type FaultSource,
  faultPlan,
  type Held,
  type HeldCall,
  type StoreCall,
  type StoreMethod,
} from "./fault-plan.ts";
export { faultyStore } from "./faulty-store.ts";
export { GOOD_LINE, type Line, type Network, networkStore } from "./network-store.ts";
export { type Probe, type ProbeSettings, probe } from "./probe.ts";
export { seededRandom } from "./seeded-random.ts";
export { type Airwaves, GOOD_AIRWAVES, type SimulatedBus, simulatedBus } from "./simulated-bus.ts";
export { type SimulatedClock, simulatedClock } from "./simulated-clock.ts";
export { type SimulatedProcess, type Surroundings, simulatedProcess } from "./simulated-process.ts";
export type { OpenStore, StoreHarness } from "./store-contract/harness.ts";
export { type StoreContractOptions, storeContract } from "./store-contract/store-contract.ts";
