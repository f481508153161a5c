import { DBOS } from "@dbos-inc/dbos-sdk";
import { FIRST, NOTHING_YET, next, remember } from "../token.ts";
import { behindValve } from "../valve.ts";

/** A workflow a token, and a recorded step a hop: nothing is sent to anyone. */
export const start = behindValve(async (url, active, valve) => {
  const walk = DBOS.registerWorkflow(
    async () => {
      let [token, remembered] = [FIRST, NOTHING_YET];
      for (;;) {
        const step = () => ({ token: next(token), remembered: remember(remembered) });
        ({ token, remembered } = await valve.hop(() => DBOS.runStep(() => Promise.resolve(step()), { name: "hop" })));
      }
    },
    { name: "walk" },
  );
  DBOS.setConfig({ name: "peer", systemDatabaseUrl: url, logLevel: "error" });
  await DBOS.launch();
  await Promise.all(Array.from({ length: active }, () => DBOS.startWorkflow(walk)()));
});
