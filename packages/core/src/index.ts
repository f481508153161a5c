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
export { type Agent, agent } from "./agent.ts";
export { decode, encode } from "./codec.ts";
export { FAULTS, type FaultCode, isFault, type Remedy, TroupeError } from "./fault.ts";
export {
  type BodyIn,
  type BodyOut,
  type Definition,
  type KindSpec,
  type Kinds,
  type ReplyIn,
  type ReplyOut,
  type Request,
  request,
} from "./kinds.ts";
export { LIFECYCLE, type TurnSignal, type TurnState } from "./lifecycle.ts";
export { localBus } from "./local-bus.ts";
export { type MemoryStoreOptions, memoryStore } from "./memory/memory-store.ts";
export type { Message, MessageOf, ReplyTo } from "./message.ts";
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
export { type Accepted, REFUSALS, type Receipt, type Refusal, type RefusalReason } from "./refusal.ts";
export type { Run } from "./run.ts";
export { type InputOf, Runtime, type RuntimeOptions, type SubmitOptions, startRuntime } from "./runtime.ts";
export type { Answer, AskOptions, Self, Spawned, StepInfo } from "./self.ts";
export { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
export { FAILURE, type FailureReport, failure } from "./supervisor/escalation.ts";
export type { FailurePolicy, RestartBudget, RetryPolicy } from "./supervisor/failure.ts";
export { DEFAULT_LIMITS, type Limits, limitsFrom } from "./supervisor/limits.ts";
export { systemClock } from "./system-clock.ts";
export { systemRandom } from "./system-random.ts";
export type { TroupeEvent } from "./traffic.ts";
export type { Census } from "./worker/census.ts";
