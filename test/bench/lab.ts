import { type FreshDatabase, freshDatabase } from "../postgres/fresh-database.ts";
import { type PostgresServer, startPostgres } from "../postgres/start-postgres.ts";
import type { BenchOptions } from "./options.ts";
import { profile } from "./profile.ts";

/** What every benchmark works with: how much to measure, and on what. */
export class Lab implements AsyncDisposable {
  readonly quick: boolean;
  /** Says what is measured now. */
  readonly say: (what: string) => void;
  readonly #options: BenchOptions;
  #server: Promise<PostgresServer> | undefined;

  constructor(options: BenchOptions, say: (what: string) => void) {
    this.#options = options;
    this.quick = options.quick;
    this.say = say;
  }

  /** What is varied: as was asked for, else as usual, or in a smoke run less of it. */
  sizes(usual: readonly number[], quick: readonly number[]): readonly number[] {
    return this.#options.sizes ?? (this.quick ? quick : usual);
  }

  rounds(usual = 5): number {
    return this.#options.rounds ?? (this.quick ? 1 : usual);
  }

  roundMs(usual = 1_000): number {
    return this.#options.roundMs ?? (this.quick ? 50 : usual);
  }

  /** The folder that was named for CPU profiles. */
  get profiles(): string | undefined {
    return this.#options.profile;
  }

  /** One more round of some work, to look into; undefined if no profiles are wanted. */
  profiler(name: string): ((work: () => Promise<unknown>) => Promise<void>) | undefined {
    const folder = this.profiles;
    return folder === undefined ? undefined : (work) => profile(folder, name, work);
  }

  /** The server at `DATABASE_URL`, or one of our own that starts when it is first asked for. */
  async serverUrl(): Promise<string> {
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
    this.#server ??= startPostgres();
    return (await this.#server).url;
  }

  /** An empty database, or a copy of the one at this address. */
  async freshDatabase(original?: string): Promise<FreshDatabase> {
    return freshDatabase(await this.serverUrl(), original && new URL(original).pathname.slice(1));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#server)?.stop();
  }
}
