import { join } from "node:path";
import { LineProcess } from "../processes/line-process.ts";
import type { Link } from "./network/link.ts";
import type { Job, Said, Told, WorkerOrders } from "./worker-orders.ts";

const PROGRAM = join(import.meta.dirname, "worker.ts");

/** Where a worker stands: its way to the database stays when the worker is replaced. */
export interface Post {
  readonly link: Link;
  readonly orders: Pick<WorkerOrders, "store" | "bus">;
}

/** One worker in its place. */
export interface Member {
  readonly post: Post;
  worker: Worker;
  /** Its clock does not count the time in which the process is stopped. */
  standsStill: boolean;
  paused: boolean;
}

interface CrewOptions {
  readonly witness: string;
  readonly leaseMs: number;
  /** Chance, from 0 to 1. */
  readonly random: () => number;
  /** Something a worker said of itself. */
  readonly hear: (said: Said) => void;
  /** A worker ended although nobody killed it. */
  readonly died: (how: string) => void;
}

/** A worker's process, as the crew knows it. */
class Worker {
  joined = false;
  doomed = false;
  readonly process: LineProcess<Said>;
  readonly loaded: Promise<void>;
  readonly #submissions = new Map<string, (run: string | undefined) => void>();

  constructor({ hear, died }: CrewOptions) {
    const loaded = Promise.withResolvers<void>();
    this.loaded = loaded.promise;
    this.process = new LineProcess<Said>(PROGRAM, [], (said) => {
      if (said.type === "loaded") loaded.resolve();
      if (said.type === "joined") this.joined = true;
      if (said.type === "submitted") this.#answer(said.key, said.run);
      if (said.type === "not_submitted") this.#answer(said.key, undefined);
      hear(said);
    });
    void this.process.gone.then((how) => {
      loaded.resolve();
      this.joined = false;
      for (const answer of this.#submissions.values()) answer(undefined);
      if (!this.doomed) died(how);
    });
  }

  tell(told: Told): void {
    this.process.tell(told);
  }

  /** The id of the run; undefined when it is not known whether there is one. */
  submit(job: Job, patienceMs: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#answer(job.key, undefined), patienceMs);
      this.#submissions.set(job.key, (run) => {
        clearTimeout(late);
        resolve(run);
      });
      this.tell({ type: "submit", job });
    });
  }

  #answer(key: string, run: string | undefined): void {
    this.#submissions.get(key)?.(run);
    this.#submissions.delete(key);
  }
}

/** The workers, and one more that is loaded and waits to take the place of the next that dies. */
export class Crew {
  readonly members: readonly Member[];
  readonly #options: CrewOptions;
  #spare: Worker;
  #names = 0;
  #over = false;

  constructor(posts: readonly Post[], options: CrewOptions) {
    this.#options = options;
    this.members = posts.map((post) => {
      const member: Member = { post, worker: new Worker(options), standsStill: false, paused: false };
      this.#send(member);
      return member;
    });
    this.#spare = new Worker(options);
  }

  /** A member that is at work, picked by chance; waits for one. Undefined when that takes too long. */
  async pick(fits: (member: Member) => boolean = () => true, patienceMs = Infinity): Promise<Member | undefined> {
    const until = performance.now() + patienceMs;
    while (!this.#over && performance.now() < until) {
      const able = this.members.filter((member) => member.worker.joined && !member.paused && fits(member));
      const picked = able[Math.floor(this.#options.random() * able.length)];
      if (picked !== undefined) return picked;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return undefined;
  }

  /** `kill -9`; the spare takes its place. */
  async kill(member: Member): Promise<void> {
    const { worker } = member;
    worker.doomed = true;
    worker.joined = false;
    await worker.process.kill();
    this.#replace(member);
  }

  /** The worker gives back what it has and goes; the spare takes its place. */
  async retire(member: Member): Promise<void> {
    const { worker } = member;
    worker.doomed = true;
    worker.joined = false;
    worker.tell({ type: "leave" });
    await worker.process.gone;
    this.#replace(member);
  }

  /** Stops the process for a while, in the middle of whatever it does. */
  async pause(member: Member, ms: number): Promise<void> {
    member.paused = true;
    member.worker.process.signal("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
    member.worker.process.signal("SIGCONT");
    member.paused = false;
  }

  async close(): Promise<void> {
    this.#over = true;
    const workers = [...this.members.map(({ worker }) => worker), this.#spare];
    for (const worker of workers) worker.doomed = true;
    await Promise.all(workers.map((worker) => worker.process.kill()));
  }

  #replace(member: Member): void {
    if (this.#over) return;
    member.worker = this.#spare;
    this.#send(member);
    this.#spare = new Worker(this.#options);
  }

  #send(member: Member): void {
    this.#names += 1;
    const { witness, leaseMs, random } = this.#options;
    member.standsStill = random() < 0.5;
    const { standsStill, post } = member;
    const orders = { ...post.orders, witness, leaseMs, name: `w${this.#names}`, standsStill };
    member.worker.tell({ type: "join", orders });
  }
}
