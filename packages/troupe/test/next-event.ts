import type { Troupe, TroupeEvent } from "../src/index.ts";

type EventOf<Type extends TroupeEvent["type"]> = Extract<TroupeEvent, { type: Type }>;

/** The next event of a type. Listen first, then do what brings it about. */
export function nextEvent<Type extends TroupeEvent["type"]>(troupe: Troupe, type: Type): Promise<EventOf<Type>> {
  return new Promise((resolve, reject) => {
    const subscription = troupe.events$.subscribe({
      next: (event) => {
        if (event.type !== type) return;
        resolve(event as EventOf<Type>);
        subscription.unsubscribe();
      },
      complete: () => reject(new Error(`closed before ${type}`)),
    });
  });
}
