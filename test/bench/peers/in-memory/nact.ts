import { dispatch, type Ref, spawn, start as startSystem } from "nact";
import { FIRST, NOTHING_YET, next, remember, type Token } from "../token.ts";
import { ACTIVE, HOPS, inChunks, type StartInMemory, TELLS } from "./shapes.ts";

/** A token, and how many hops it has left in this chunk. */
interface Going extends Token {
  readonly left: number;
}

/** A function of the state and the message, called in a tick of its own. */
export const start: StartInMemory = (shape) => (shape === "ring" ? ring() : flood());

function ring() {
  const system = startSystem();
  const actors: Ref<Going>[] = [];
  let arrived = 0;
  let all = Promise.withResolvers<void>();
  for (let place = 0; place < ACTIVE; place++) {
    const pass = (remembered = NOTHING_YET, token: Going) => {
      const neighbour = actors[(place + 1) % ACTIVE];
      if (token.left > 0 && neighbour) dispatch(neighbour, { ...next(token), left: token.left - 1 });
      else if (++arrived === ACTIVE) all.resolve();
      return remember(remembered);
    };
    actors.push(spawn(system, pass, `actor-${place}`));
  }
  return inChunks(async () => {
    arrived = 0;
    all = Promise.withResolvers();
    for (const actor of actors) dispatch(actor, { ...FIRST, left: HOPS - 1 });
    await all.promise;
    return ACTIVE * HOPS;
  });
}

function flood() {
  let counted = 0;
  let all = Promise.withResolvers<void>();
  const count = (remembered = NOTHING_YET, _token: Token) => {
    if (++counted === TELLS) all.resolve();
    return remember(remembered);
  };
  const counter = spawn(startSystem(), count, "counter");
  return inChunks(async () => {
    counted = 0;
    all = Promise.withResolvers();
    for (let hop = 0; hop < TELLS; hop++) dispatch(counter, next({ ...FIRST, hop }));
    await all.promise;
    return TELLS;
  });
}
