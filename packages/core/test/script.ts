import {
  type Agent,
  agent,
  type FailurePolicy,
  type MessageOf,
  type RetryPolicy,
  request,
  type Self,
} from "@troupe/core";
import { z } from "zod";

const KINDS = { start: z.unknown(), note: z.unknown(), question: request(z.unknown(), z.unknown()) };

interface ScriptState {
  seen: unknown[];
}

export type ScriptSelf = Self<typeof KINDS, ScriptState>;
export type ScriptMessage = MessageOf<typeof KINDS>;
export type Script = Agent<typeof KINDS, ScriptState>;

export interface ScriptSettings {
  readonly onFailure?: FailurePolicy;
  readonly retry?: Partial<RetryPolicy>;
  readonly restarts?: { readonly restarts?: number; readonly withinMs?: number };
  readonly turnMs?: number;
}

/** An agent that takes a few kinds with any body, remembers a list, and does what the test says. */
export function script(
  name: string,
  turn: (message: ScriptMessage, self: ScriptSelf) => void | Promise<void>,
  settings: ScriptSettings = {},
): Script {
  return agent<typeof KINDS, ScriptState>(name, { state: { seen: [] }, on: KINDS, turn, ...settings });
}

/** An agent that does nothing. */
export function idler(name: string): Script {
  return script(name, () => undefined);
}

/** The address of what was spawned; throws what the refusal says. */
export function spawned<A>(result: { accepted: true; address: A } | { accepted: false; message: string }): A {
  if (!result.accepted) throw new Error(result.message);
  return result.address;
}

/** A promise that the test settles, for behaviours that wait for the outside. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}
