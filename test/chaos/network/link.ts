import { createServer, type Server, type Socket } from "node:net";
import { type CutPoint, type Flow, ProxiedConnection } from "./proxied-connection.ts";

/** Bytes towards the server, or towards the client. */
export type Way = "toServer" | "toClient";

/** The way over the network from one client to a server: a port of its own, with all that can go wrong on it. */
export class Link implements AsyncDisposable {
  readonly #leftUnknown: () => void;
  readonly #listener: Server;
  readonly #target: number;
  readonly #connections = new Set<ProxiedConnection>();
  readonly #flow: Record<Way, Flow> = { toServer: "passing", toClient: "passing" };
  #refusing = false;
  #cut: { readonly point: CutPoint; readonly done: () => void } | undefined;

  private constructor(listener: Server, target: number, leftUnknown: () => void) {
    this.#listener = listener;
    this.#leftUnknown = leftUnknown;
    this.#target = target;
    listener.on("connection", (client: Socket) => this.#accept(client));
  }

  /** A link to this port of this machine. Calls back for every commit that was sent, and whose answer was cut off. */
  static async to(target: number, leftUnknown: () => void = () => undefined): Promise<Link> {
    const listener = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    return new Link(listener, target, leftUnknown);
  }

  get port(): number {
    const address = this.#listener.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** The same url by way of this link. */
  through(url: string): string {
    const way = new URL(url);
    way.port = String(this.port);
    return way.href;
  }

  /** Nothing moves, either way, until `heal`; nothing is lost either. */
  stall(): void {
    this.#set("toServer", "held");
    this.#set("toClient", "held");
  }

  /** What is sent this way gets lost, and nobody is told; connections that were open meanwhile are of no use any more. */
  blackhole(way: Way): void {
    this.#set(way, "lost");
  }

  /** Every connection ends, and no new one comes about until `heal`. */
  drop(): void {
    this.#refusing = true;
    for (const connection of this.#connections) connection.drop();
  }

  reset(): void {
    for (const connection of this.#connections) connection.reset();
  }

  /** Cuts the connection that next sends a commit; resolves when it has. */
  cutAtCommit(point: CutPoint): Promise<void> {
    return new Promise((done) => {
      this.#cut = { point, done };
    });
  }

  /** No cut any more. */
  callOff(): void {
    this.#cut = undefined;
  }

  heal(): void {
    this.#refusing = false;
    for (const connection of this.#connections) {
      if (connection.toServer.flow === "lost" || connection.toClient.flow === "lost") connection.reset();
    }
    this.#set("toServer", "passing");
    this.#set("toClient", "passing");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.reset();
  }

  #set(way: Way, flow: Flow): void {
    this.#flow[way] = flow;
    for (const connection of this.#connections) connection[way].flow = flow;
  }

  #accept(client: Socket): void {
    if (this.#refusing) return void client.resetAndDestroy();
    const connection = new ProxiedConnection(client, this.#hostOf(), this.#flow);
    this.#connections.add(connection);
  }

  #hostOf() {
    return {
      port: this.#target,
      cutsAt: (point: CutPoint) => {
        if (this.#cut?.point !== point) return false;
        this.#cut.done();
        this.#cut = undefined;
        return true;
      },
      leftUnknown: this.#leftUnknown,
      closed: (connection: ProxiedConnection) => void this.#connections.delete(connection),
    };
  }
}
