import { DBOS } from "@dbos-inc/dbos-sdk";
import { planRings } from "../../turns/rings.ts";
import { FIRST, NOTHING_YET, next, remember, type Token } from "../token.ts";
import { behindValve } from "../valve.ts";

const FOREVER_S = 86_400;

/** A workflow an actor: it receives a message, changes its variables and sends the next one. */
export const start = behindValve(async (url, active, valve) => {
  const actor = DBOS.registerWorkflow(
    async (neighbour: string) => {
      let remembered = NOTHING_YET;
      for (;;) {
        const token = await DBOS.recv<Token>(undefined, FOREVER_S);
        if (token === null) continue;
        remembered = remember(remembered);
        await valve.hop(() => DBOS.send(neighbour, next(token)));
      }
    },
    { name: "actor" },
  );
  DBOS.setConfig({ name: "peer", systemDatabaseUrl: url, logLevel: "error" });
  await DBOS.launch();

  const rings = planRings(active);
  const idOf = (ring: number, place: number) => `actor-${ring}-${place}`;
  for (const [ring, { members }] of rings.entries()) {
    const places = Array.from({ length: members }, (_, place) => place);
    await Promise.all(
      places.map((place) =>
        DBOS.startWorkflow(actor, { workflowID: idOf(ring, place) })(idOf(ring, (place + 1) % members)),
      ),
    );
  }
  for (const [ring, { tokens }] of rings.entries())
    await Promise.all(Array.from({ length: tokens }, (_, place) => DBOS.send(idOf(ring, place), FIRST)));
});
