import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { createEndpointHandler, type ObjectContext, object } from "@restatedev/restate-sdk";
import { planRings } from "../../turns/rings.ts";
import { FIRST, NOTHING_YET, next, type Remembered, remember, type Token } from "../token.ts";
import { behindValve, type Valve } from "../valve.ts";
import { startRestateServer } from "./restate-server.ts";

const HOST = "127.0.0.1";

interface Passed extends Token {
  /** How many actors are in this ring. */
  readonly members: number;
}

/** A virtual object an actor: it reads and sets its state and sends to the next one. */
function actor(valve: Valve) {
  const self = object({
    name: "actor",
    handlers: {
      pass: (context: ObjectContext, token: Passed) =>
        valve.hop(async () => {
          context.set("remembered", remember((await context.get<Remembered>("remembered")) ?? NOTHING_YET));
          const [ring = "0", place = "0"] = context.key.split("-");
          const neighbour = `${ring}-${(Number(place) + 1) % token.members}`;
          context.objectSendClient(self, neighbour).pass({ ...next(token), members: token.members });
        }),
    },
  });
  return self;
}

/** Its own server keeps its own log, flushed to the disk as it comes: nothing of it is in PostgreSQL. */
export const start = behindValve(async (_url, active, valve) => {
  const endpoint = createServer(createEndpointHandler({ services: [actor(valve)] }));
  await new Promise<void>((resolve) => endpoint.listen(0, HOST, resolve));
  const { port } = endpoint.address() as AddressInfo;
  const server = await startRestateServer();
  await post(`${server.admin}/deployments`, { uri: `http://${HOST}:${port}` });

  for (const [ring, { members, tokens }] of planRings(active).entries()) {
    const token: Passed = { ...FIRST, members };
    await Promise.all(
      Array.from({ length: tokens }, (_, place) => post(`${server.ingress}/actor/${ring}-${place}/pass/send`, token)),
    );
  }
});

async function post(url: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} said ${response.status}: ${await response.text()}`);
}
