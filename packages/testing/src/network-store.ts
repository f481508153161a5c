import { type Clock, type Random, type Store, TroupeError } from "@troupe/core";

/** How the line between one process and its store is. Change it while it is in use; chances are from 0 to 1. */
export interface Line {
  /** Milliseconds each way, drawn anew for each message. */
  minMs: number;
  maxMs: number;
  /** The request never arrives. */
  lost: number;
  /** The request takes effect, and the answer never arrives. */
  answerLost: number;
  /** The request takes effect only after the caller has been told that nobody answers. */
  late: number;
  /** When a caller is told so, at the latest. */
  timeoutMs: number;
  /** Nothing gets through. */
  down: boolean;
}

export interface Network {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
}

export const GOOD_LINE: Line = { minMs: 0.2, maxMs: 2, lost: 0, answerLost: 0, late: 0, timeoutMs: 1_000, down: false };

/**
 * The store at the other end of a line: calls take time, overtake each other, and may be lost on the way there or back.
 * What is not answered rejects with `store_unavailable`. With a good line it keeps every promise of the port.
 */
export function networkStore(store: Store, network: Network): Store {
  return new Proxy(store, {
    get: (target, name: keyof Store) =>
      typeof target[name] === "function"
        ? (...args: unknown[]) =>
            call(network, () => Reflect.apply(target[name] as () => Promise<unknown>, target, args))
        : target[name],
  });
}

function call({ clock, random, line }: Network, ask: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const unanswered = (ms: number) =>
      clock.after(ms, () => reject(new TroupeError("store_unavailable", "by the network")));
    const oneWay = () => line.minMs + (line.maxMs - line.minMs) * random.next();
    const fate = random.next();
    if (line.down || fate < line.lost) return void unanswered(line.timeoutMs * random.next());
    if (fate < line.lost + line.late) {
      unanswered(line.timeoutMs * random.next());
      clock.after(line.timeoutMs * (1 + 2 * random.next()), () => void ask().catch(() => undefined));
      return;
    }
    const heard = fate >= line.lost + line.late + line.answerLost;
    if (!heard) unanswered(line.timeoutMs);
    clock.after(oneWay(), () => {
      const answer = ask();
      if (heard)
        answer.then(
          (value) => clock.after(oneWay(), () => resolve(value)),
          (error: unknown) => clock.after(oneWay(), () => reject(error)),
        );
      else answer.catch(() => undefined);
    });
  });
}
