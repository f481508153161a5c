import { connect, type Socket } from "node:net";
import { CommitWatch } from "./commit-watch.ts";

/** How one direction of a connection works: bytes pass, wait, or get lost. */
export type Flow = "passing" | "held" | "lost";

/** When a connection is cut around a commit: as soon as it is sent, or when its answer is on the way. */
export type CutPoint = "sent" | "answered";

interface ConnectionHost {
  readonly port: number;
  /** A commit is complete, or its answer is: true if the connection is to be cut here. */
  cutsAt(point: CutPoint): boolean;
  /** The connection was cut while a commit waited for its answer: its sender cannot know what became of it. */
  leftUnknown(): void;
  closed(connection: ProxiedConnection): void;
}

/** One way of a connection. What is held is passed on later, also when its sender is gone by then. */
class Direction {
  readonly #to: Socket;
  #flow: Flow;
  #waiting: Buffer[] = [];
  #ended = false;

  constructor(to: Socket, flow: Flow) {
    this.#to = to;
    this.#flow = flow;
  }

  get flow(): Flow {
    return this.#flow;
  }

  set flow(flow: Flow) {
    this.#flow = flow;
    if (flow !== "passing") return;
    for (const chunk of this.#waiting.splice(0)) this.#to.write(chunk);
    if (this.#ended) this.#to.end();
  }

  pass(chunk: Buffer): void {
    if (this.#flow === "held") this.#waiting.push(chunk);
    else if (this.#flow === "passing") this.#to.write(chunk);
  }

  end(): void {
    this.#ended = true;
    if (this.#flow === "passing") this.#to.end();
  }
}

/** A client's connection to the server, with everything that may happen to it on the way. */
export class ProxiedConnection {
  readonly toServer: Direction;
  readonly toClient: Direction;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #host: ConnectionHost;
  readonly #watch = new CommitWatch();
  #clientLeft = false;
  #over = false;

  constructor(client: Socket, host: ConnectionHost, flow: { readonly toServer: Flow; readonly toClient: Flow }) {
    this.#client = client.setNoDelay(true);
    this.#server = connect({ host: "127.0.0.1", port: host.port, noDelay: true, allowHalfOpen: true });
    this.#host = host;
    this.toServer = new Direction(this.#server, flow.toServer);
    this.toClient = new Direction(this.#client, flow.toClient);
    this.#client.on("data", (chunk: Buffer) => this.#fromClient(chunk));
    this.#server.on("data", (chunk: Buffer) => this.#fromServer(chunk));
    this.#client.on("end", () => this.#clientEnded());
    this.#server.on("end", () => this.#serverEnded());
    this.#client.on("error", () => this.#clientEnded());
    this.#server.on("error", () => this.reset());
    this.#client.on("close", () => this.#closed());
    this.#server.on("close", () => this.#closed());
  }

  /** Both sides see an orderly end that neither of them wanted. */
  drop(): void {
    this.#noteUnknown();
    this.#client.end();
    this.#server.end();
    this.#client.destroySoon();
  }

  /** Both sides see a connection reset. */
  reset(): void {
    this.#noteUnknown();
    resetSocket(this.#client);
    resetSocket(this.#server);
  }

  #fromClient(chunk: Buffer): void {
    this.toServer.pass(chunk);
    if (!this.#watch.sent(chunk) || this.toServer.flow !== "passing" || !this.#host.cutsAt("sent")) return;
    this.#noteUnknown();
    // The server still gets all of it, and then the end.
    resetSocket(this.#client);
    this.#server.end();
  }

  #fromServer(chunk: Buffer): void {
    const first = this.#watch.isUnanswered;
    const complete = this.#watch.answered(chunk);
    if (first && complete && this.#host.cutsAt("answered")) {
      if (!this.#clientLeft) this.#host.leftUnknown();
      this.#over = true;
      return this.reset();
    }
    this.toClient.pass(chunk);
  }

  #clientEnded(): void {
    if (this.#clientLeft) return;
    this.#clientLeft = true;
    this.toServer.end();
  }

  #serverEnded(): void {
    this.#noteUnknown();
    this.toClient.end();
    this.#server.end();
  }

  #noteUnknown(): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#watch.isUnanswered && !this.#clientLeft) this.#host.leftUnknown();
  }

  #closed(): void {
    if (this.#client.closed && this.#server.closed) this.#host.closed(this);
  }
}

/** A socket that has said its last word, or none yet, cannot be reset: libuv refuses, and Node leaves it open for ever. */
function resetSocket(socket: Socket): void {
  if (socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
