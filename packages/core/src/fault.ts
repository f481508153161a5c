/** What a caller can do about an error: try again, mend the request, or stop trying. */
export type Remedy = "retry" | "fix_request" | "give_up";

/** Every error Troupe throws. Match on the code; the text is for people and may change. */
export const FAULTS = {
  address_invalid: { remedy: "fix_request", text: "this is not an address; write name@run or name@run/group" },
  agent_unknown: { remedy: "fix_request", text: "no agent of this name is registered; pass it to open({ agents })" },
  commit_rejected: { remedy: "give_up", text: "the store cannot take this turn" },
  config_invalid: { remedy: "fix_request", text: "this setting is not valid" },
  dead_letter_unknown: { remedy: "fix_request", text: "no dead letter has this id" },
  input_invalid: { remedy: "fix_request", text: "the input does not fit the agent's schema" },
  key_conflict: { remedy: "fix_request", text: "this key belongs to a run of another agent or input" },
  limit_reached: { remedy: "give_up", text: "the run reached one of its limits" },
  replay_diverged: { remedy: "give_up", text: "the turn did something else when it was replayed" },
  reply_invalid: { remedy: "fix_request", text: "the reply does not fit the schema of the question" },
  result_invalid: { remedy: "fix_request", text: "the result does not fit the agent's schema" },
  run_failed: { remedy: "give_up", text: "the run failed" },
  run_cancelled: { remedy: "give_up", text: "the run was cancelled" },
  run_quiescent: { remedy: "give_up", text: "the run came to rest without a result" },
  run_unknown: { remedy: "fix_request", text: "no run has this id" },
  runtime_closed: { remedy: "give_up", text: "this runtime is closed" },
  schema_newer: { remedy: "give_up", text: "the store was written by a newer version of Troupe" },
  state_too_large: { remedy: "fix_request", text: "the state is larger than its bound" },
  step_key_reused: { remedy: "fix_request", text: "two steps of one turn share a key" },
  step_too_large: { remedy: "fix_request", text: "the result of a step is larger than its bound" },
  store_busy: { remedy: "fix_request", text: "another process has this store open" },
  store_closed: { remedy: "give_up", text: "the store is closed" },
  store_invalid: { remedy: "fix_request", text: "this store cannot be used" },
  store_unavailable: { remedy: "retry", text: "the store does not answer" },
  turn_crashed: { remedy: "give_up", text: "the worker died too often during this turn" },
  turn_refused: { remedy: "give_up", text: "the behaviour will not handle this message" },
  turn_timeout: { remedy: "retry", text: "the turn took longer than its bound" },
  value_unserializable: { remedy: "fix_request", text: "this value cannot be stored" },
} as const satisfies Record<string, { remedy: Remedy; text: string }>;

export type FaultCode = keyof typeof FAULTS;

/** The one error class. `code` is stable, `remedy` says what can be done, `detail` what exactly was wrong. */
export class TroupeError extends Error {
  override readonly name = "TroupeError";
  readonly code: FaultCode;
  readonly remedy: Remedy;
  readonly detail: string | undefined;

  constructor(code: FaultCode, detail?: string, cause?: unknown) {
    const { text, remedy } = FAULTS[code];
    super(detail === undefined ? text : `${text}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = remedy;
    this.detail = detail;
  }
}

/** True for an error of Troupe, and, with a code, for that one. */
export function isFault(error: unknown, code?: FaultCode): error is TroupeError {
  return error instanceof TroupeError && (code === undefined || error.code === code);
}
