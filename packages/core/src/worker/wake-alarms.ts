import type { ChannelName } from "../address.ts";
import { alarmAt } from "../alarm.ts";
import type { Clock } from "../ports/clock.ts";

/** When groups that are not in memory have something to do. */
export class WakeAlarms {
  readonly #clock: Clock;
  readonly #wake: (name: ChannelName, shard: number) => void;
  readonly #alarms = new Map<ChannelName, { readonly shard: number; readonly cancel: () => void }>();

  constructor(clock: Clock, wake: (name: ChannelName, shard: number) => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  set(name: ChannelName, shard: number, at: number): void {
    this.cancel(name);
    const cancel = alarmAt(this.#clock, at, () => {
      this.#alarms.delete(name);
      this.#wake(name, shard);
    });
    this.#alarms.set(name, { shard, cancel });
  }

  cancel(name: ChannelName): void {
    this.#alarms.get(name)?.cancel();
    this.#alarms.delete(name);
  }

  cancelWhere(doomed: (shard: number) => boolean): void {
    for (const [name, { shard }] of this.#alarms) if (doomed(shard)) this.cancel(name);
  }
}
