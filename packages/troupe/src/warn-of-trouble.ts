import { isFault } from "@troupe/core";

/**
 * Says trouble that nobody listens to as a warning of the process, which `process.on("warning")` hears and
 * `--no-warnings` silences. What is said again and again is said once.
 */
export function warnOfTrouble(): (error: unknown) => void {
  let last = "";
  return (error) => {
    const text = error instanceof Error ? error.message : String(error);
    if (text === last) return;
    last = text;
    process.emitWarning(text, { type: "Troupe", ...(isFault(error) && { code: error.code }) });
  };
}
