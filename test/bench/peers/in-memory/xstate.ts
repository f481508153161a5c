import { assign, createActor, setup } from "xstate";
import { FIRST, NOTHING_YET, next, type Remembered, remember, type Token } from "../token.ts";
import { ACTIVE, HOPS, inChunks, type StartInMemory, TELLS } from "./shapes.ts";

interface Context {
  readonly place: number;
  readonly remembered: Remembered;
}

interface Event extends Token {
  readonly type: "token";
  /** Hops that the token has left in this chunk. */
  readonly left: number;
}

interface Sendable {
  send(event: Event): void;
}

/** A state machine an actor, which assigns to its context and sends to the next one, all in the call of `send`. */
export const start: StartInMemory = (shape) => {
  const actors: Sendable[] = [];
  const passer = setup({
    types: { context: {} as Context, events: {} as Event, input: {} as number },
    guards: { isGoing: ({ event }) => event.left > 0 },
    actions: {
      remember: assign({ remembered: ({ context }) => remember(context.remembered) }),
      pass: ({ context, event }) => {
        actors[(context.place + 1) % ACTIVE]?.send({ type: "token", ...next(event), left: event.left - 1 });
      },
    },
  }).createMachine({
    context: ({ input }) => ({ place: input, remembered: NOTHING_YET }),
    on: { token: [{ guard: "isGoing", actions: ["remember", "pass"] }, { actions: "remember" }] },
  });
  for (let place = 0; place < ACTIVE; place++) actors.push(createActor(passer, { input: place }).start());
  return shape === "ring" ? ring(actors) : flood(actors);
};

function ring(actors: readonly Sendable[]) {
  return inChunks(() => {
    for (const actor of actors) actor.send({ type: "token", ...FIRST, left: HOPS - 1 });
    return ACTIVE * HOPS;
  });
}

function flood([counter]: readonly Sendable[]) {
  return inChunks(() => {
    for (let hop = 0; hop < TELLS; hop++) counter?.send({ type: "token", ...next({ ...FIRST, hop }), left: 0 });
    return TELLS;
  });
}
