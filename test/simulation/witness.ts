import { parseAddress, shardOf } from "@troupe/core";
import type { Violation } from "../history/history.ts";
import type { Recorder } from "./recorder.ts";
import type { SometimeCounts } from "./sometimes.ts";

/** Sees the effects that steps have on the outside. */
export class Witness {
  readonly violations: Violation[] = [];
  readonly #recorder: Recorder;
  readonly #shards: number;
  readonly #sometimes: SometimeCounts;
  /** By key: seq of the message in whose turn it was used. */
  readonly #seen = new Map<string, number>();

  constructor(recorder: Recorder, shards: number, sometimes: SometimeCounts) {
    this.#recorder = recorder;
    this.#shards = shards;
    this.#sometimes = sometimes;
  }

  /** The owner of an actor has all that is durable: it never repeats an effect whose result is. */
  see(process: string, actor: string, key: string, seq: number): void {
    const owner = this.#recorder.ownerOf(shardOf(parseAddress(actor).group, this.#shards));
    if (owner === process && this.#recorder.isDurable(key))
      this.violations.push({ promise: "steps remembered", detail: `${process} ran ${key} again` });
    if (this.#seen.has(key) && !this.#recorder.isDurable(key))
      this.#sometimes["a step ran again because its result was not durable"] += 1;
    if ((this.#seen.get(key) ?? seq) !== seq)
      this.violations.push({
        promise: "own keys",
        detail: `${key} stands for an effect of ${this.#seen.get(key)} and of ${seq}`,
      });
    this.#seen.set(key, seq);
    const before = precedingStep(key);
    if (before !== undefined && !this.#recorder.isDurable(before))
      this.violations.push({
        promise: "steps in order",
        detail: `${process} ran ${key}, and ${before} was not durable`,
      });
  }

  /** A behaviour was given something that was meant for another. */
  mistaken(what: string): void {
    this.violations.push({ promise: "own answers", detail: what });
  }
}

/** The step before this one in the same turn: its key ends with its number. */
function precedingStep(key: string): string | undefined {
  const [, stem = "", number = ""] = /^(.*step)(\d+)$/.exec(key) ?? [];
  return Number(number) > 1 ? `${stem}${Number(number) - 1}` : undefined;
}
