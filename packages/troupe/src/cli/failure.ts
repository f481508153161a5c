import { isFault, type Remedy } from "@troupe/core";
import { CommanderError } from "commander";
import { printable, printableJson } from "./printable.ts";

/** 1: the operation failed. 2: wrong use, or a store that cannot be opened. */
export type FailureExit = 1 | 2;

/** Why a command did not do what it was asked. */
export class Failure extends Error {
  readonly exitCode: FailureExit;
  readonly code: string;
  readonly remedy: Remedy;

  constructor(exitCode: FailureExit, code: string, message: string, remedy: Remedy = "fix_request", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCode;
    this.code = code;
    this.remedy = remedy;
  }
}

/** The command was called in a way that cannot be meant. */
export function wrongUse(message: string): Failure {
  return new Failure(2, "usage", message);
}

/** Anything that was thrown, as a failure. */
export function failureOf(error: unknown, exitCode: FailureExit = 1): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return wrongUse(oneLine(error.message.replace(/^error: /, "")));
  if (isFault(error)) return new Failure(exitCode, error.code, error.message, error.remedy, error);
  return new Failure(exitCode, "unexpected", error instanceof Error ? error.message : String(error), "give_up", error);
}

/** One line for the standard error: a sentence, or with `--json` an object. */
export function failureLine({ code, message, remedy }: Failure, asJson: boolean): string {
  if (asJson) return printableJson(JSON.stringify({ error: { code, message, remedy } }));
  return `troupe: ${printable(oneLine(message))}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
