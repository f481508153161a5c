export {
  type Address,
  addressOf,
  adminChannelOf,
  type ChannelName,
  type GroupId,
  isAdminChannel,
  isName,
  OUTSIDE,
  parseAddress,
  type RunId,
  runOf,
  shardOf,
} from "./address.ts";
export { decode, encode } from "./codec.ts";
export { FAULTS, type FaultCode, isFault, type Remedy, TroupeError } from "./fault.ts";
export { localBus } from "./local-bus.ts";
export { type MemoryStoreOptions, memoryStore } from "./memory/memory-store.ts";
export type { Bus, Doorbell } from "./ports/bus.ts";
export type { Clock } from "./ports/clock.ts";
export type { Random } from "./ports/random.ts";
export {
  type ActorRow,
  type ActorWrite,
  type ChannelKey,
  type ChannelWrite,
  type DeadLetter,
  type DeadLetterRow,
  type GroupRow,
  type Headers,
  type InboxKey,
  type InboxRow,
  type Lease,
  type LogRow,
  RUN_STATUSES,
  type RunCharge,
  type RunEnd,
  type RunRow,
  type RunStatus,
  type Spent,
  STANDINGS,
  type Standing,
  type StepRow,
  TURN_OUTCOMES,
  type TurnOutcome,
  type TurnRow,
  WAKE_ON_MAIL,
  type WorkerId,
} from "./ports/rows.ts";
export type {
  ActorSummary,
  ChannelSnapshot,
  Commit,
  CommitOutcome,
  Due,
  DueChannel,
  Heartbeat,
  MemberSnapshot,
  RunAccount,
  RunInspection,
  Store,
  StoredMessage,
  Submission,
  Swept,
} from "./ports/store.ts";
export { DEFAULT_LIMITS, type Limits, limitsFrom } from "./supervisor/limits.ts";
export { systemClock } from "./system-clock.ts";
export { systemRandom } from "./system-random.ts";
