import { setTimeout as wait } from "node:timers/promises";
import { type Runtime, type Store, startRuntime } from "@troupe/core";
import { cpuMsSince, type Round } from "../round.ts";
import { type CommitMeter, meterCommits } from "./commit-meter.ts";
import { Gate } from "./gate.ts";
import { limitsFor, passer, planRings, type RingPlan, tokensIn } from "./rings.ts";

/** Rings of actors on a whole runtime with default settings. */
export class RuntimeLoad {
  readonly #gate: Gate;
  readonly #runtime: Runtime;
  readonly #meter: CommitMeter;

  private constructor(gate: Gate, runtime: Runtime, meter: CommitMeter) {
    this.#gate = gate;
    this.#runtime = runtime;
    this.#meter = meter;
  }

  /** Resolves when every token is in its place, of which there are so many. */
  static start(store: Store, active: number): Promise<RuntimeLoad> {
    return RuntimeLoad.startRings(store, planRings(active));
  }

  static async startRings(store: Store, rings: readonly RingPlan[]): Promise<RuntimeLoad> {
    const gate = new Gate(tokensIn(rings));
    const root = passer(gate);
    const meter = meterCommits(store);
    const failed = Promise.withResolvers<never>();
    const runtime = await startRuntime({ store, agents: [root], onTrouble: failed.reject });
    await runtime.submit(root, [...rings], { limits: limitsFor(rings) });
    await Promise.race([gate.ready(), failed.promise]);
    failed.promise.catch((error: unknown) => console.error("trouble:", error));
    return new RuntimeLoad(gate, runtime, meter);
  }

  /** Lets the tokens go round for so long. */
  async round(ms: number): Promise<Round> {
    this.#gate.open();
    await wait(Math.min(ms / 5, 200));
    const turns = this.#gate.turns;
    const hops = this.#gate.watchHops();
    const commits = this.#meter.start();
    const cpu = process.threadCpuUsage();
    const started = performance.now();
    await wait(ms);
    const round = {
      ms: performance.now() - started,
      turns: this.#gate.turns - turns,
      cpuMs: cpuMsSince(cpu),
      ...commits(),
      hops: hops(),
    };
    await this.#gate.close();
    return round;
  }

  close(): Promise<void> {
    this.#gate.open();
    return this.#runtime.close();
  }
}
