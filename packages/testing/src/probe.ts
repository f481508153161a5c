import { type Agent, agent, type Kinds, type MessageOf, type Self } from "@troupe/core";

export interface ProbeSettings<K extends Kinds> {
  readonly on: K;
  /** What the probe does besides remembering; by default nothing. */
  turn?(message: MessageOf<K>, self: Self<K, null>): void | Promise<void>;
}

/** An agent that remembers, in this process, every message it was given. One probe serves all actors made of it. */
export interface Probe<K extends Kinds = Kinds> extends Agent<K, null> {
  /** In the order they were handled; a message whose turn is tried again counts once. */
  readonly received: readonly MessageOf<K>[];
  /** The next message that nobody has taken yet, as soon as it is there. */
  take(): Promise<MessageOf<K>>;
}

export function probe<const K extends Kinds>(name: string, { on, turn }: ProbeSettings<K>): Probe<K> {
  const received = new Map<string, MessageOf<K>>();
  const untaken: MessageOf<K>[] = [];
  const takers: ((message: MessageOf<K>) => void)[] = [];

  function remember(message: MessageOf<K>): void {
    if (received.has(message.id)) return;
    received.set(message.id, message);
    const taker = takers.shift();
    if (taker) taker(message);
    else untaken.push(message);
  }

  const definition = agent<K, null>(name, {
    state: null,
    on,
    async turn(message, self) {
      remember(message);
      await turn?.(message, self);
    },
  });
  return {
    ...definition,
    get received() {
      return [...received.values()];
    },
    take() {
      const message = untaken.shift();
      return message === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(message);
    },
  };
}
