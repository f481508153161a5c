/** Where an actor is in its turn. */
export type TurnState = "idle" | "processing" | "response";
export type TurnSignal = "take" | "settle" | "fail" | "commit" | "refuse";

/** Every legal move. A missing cell is an illegal move. */
export const LIFECYCLE = {
  idle: { take: "processing" },
  processing: { settle: "response", fail: "response" },
  response: { commit: "idle", refuse: "idle" },
} as const satisfies Record<TurnState, Partial<Record<TurnSignal, TurnState>>>;

/** The state after a signal. An illegal move is an error of the runtime itself, so it throws a plain Error. */
export function move(state: TurnState, signal: TurnSignal): TurnState {
  const next = (LIFECYCLE[state] as Partial<Record<TurnSignal, TurnState>>)[signal];
  if (next === undefined) throw new Error(`illegal move: ${signal} while ${state}`);
  return next;
}
