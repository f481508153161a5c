import { appendFileSync } from "node:fs";
import type { Self, StepInfo } from "troupe";

/** A file to put on record which effects are carried out, and when; for tests that kill the program. */
const witness = process.env.TROUPE_AUDIT_WITNESS;

/** A step whose execution is on record, if anyone wants to know. A remembered one is not executed. */
export function effect<T>(self: Pick<Self, "step">, key: string, act: (info: StepInfo) => Promise<T>): Promise<T> {
  return self.step(key, async (info) => {
    note("step", info);
    const result = await act(info);
    note("done", info);
    return result;
  });
}

/** A line `step <actor> <turn> <key>`: short enough to be appended whole, and kept by the system if we are killed. */
function note(what: "step" | "done", { idempotencyKey }: StepInfo): void {
  if (witness) appendFileSync(witness, `${what} ${idempotencyKey.replace(/:(\d+):/, " $1 ")}\n`);
}
