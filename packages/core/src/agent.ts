import type { StandardSchemaV1 } from "@standard-schema/spec";
import { isName } from "./address.ts";
import { TroupeError } from "./fault.ts";
import type { Definition, Kinds } from "./kinds.ts";
import type { Message, MessageOf } from "./message.ts";
import type { Self } from "./self.ts";
import type { FailurePolicy, RestartBudget, RetryPolicy } from "./supervisor/failure.ts";
import { DEFAULT_RESTARTS, DEFAULT_RETRY } from "./supervisor/failure.ts";

interface Settings<K extends Kinds, State, Result> {
  /** What a new actor starts with: a value, or a function for a fresh one. Anything msgpack can hold; default nothing. */
  readonly state?: State | (() => State);
  readonly on: K;
  /** Shape of what `finish` takes when this agent is the root of a run. */
  readonly result?: StandardSchemaV1<unknown, Result>;
  /** What follows when a message could not be handled: see FailurePolicy. Default `resume`. */
  readonly onFailure?: FailurePolicy;
  readonly retry?: Partial<RetryPolicy>;
  readonly restarts?: Partial<RestartBudget>;
  /** Milliseconds a turn may take, without the time it is parked. Default: the runtime's `turnMs`. */
  readonly turnMs?: number;
}

interface SingleSettings<K extends Kinds, State, Result> extends Settings<K, State, Result> {
  readonly batch?: undefined;
  turn(message: MessageOf<K>, self: Self<K, State, Result>): void | Promise<void>;
}

interface BatchSettings<K extends Kinds, State, Result> extends Settings<K, State, Result> {
  /** Up to so many messages make one turn. */
  readonly batch: number;
  turn(messages: readonly MessageOf<K>[], self: Self<K, State, Result>): void | Promise<void>;
}

/** A definition: what an actor of this name receives, remembers and does. */
export interface Agent<K extends Kinds = Kinds, State = unknown, Result = unknown> extends Definition<K> {
  readonly initial: () => State;
  readonly result: StandardSchemaV1<unknown, Result> | undefined;
  readonly batch: number | undefined;
  readonly onFailure: FailurePolicy;
  readonly retry: RetryPolicy;
  readonly restarts: RestartBudget;
  readonly turnMs: number | undefined;
  turn(mail: Message | readonly Message[], self: Self<K, State, Result>): void | Promise<void>;
}

/**
 * Defines an agent.
 *
 * @throws TroupeError `config_invalid` for a name, a batch or a kind that cannot be.
 * @example
 * const greeter = agent("greeter", {
 *   state: { greeted: 0 },
 *   on: { hello: z.object({ name: z.string() }) },
 *   turn(message, self) {
 *     self.state.greeted += 1;
 *   },
 * });
 */
export function agent<const K extends Kinds, State, Result = unknown>(
  name: string,
  settings: SingleSettings<K, State, Result> | BatchSettings<K, State, Result>,
): Agent<K, State, Result> {
  if (!isName(name))
    throw new TroupeError("config_invalid", `agent name ${JSON.stringify(name)}; 1 to 64 of A-Z a-z 0-9 . _ -`);
  const { state, batch } = settings;
  if (batch !== undefined && !(Number.isSafeInteger(batch) && batch >= 1)) {
    throw new TroupeError("config_invalid", `agent ${name}: batch is ${batch}; it must be a whole number from 1`);
  }
  return {
    name,
    on: settings.on,
    initial: typeof state === "function" ? (state as () => State) : () => structuredClone(state as State),
    result: settings.result,
    batch,
    onFailure: settings.onFailure ?? "resume",
    retry: { ...DEFAULT_RETRY, ...settings.retry },
    restarts: { ...DEFAULT_RESTARTS, ...settings.restarts },
    turnMs: settings.turnMs,
    turn: settings.turn as Agent<K, State, Result>["turn"],
  };
}
